import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";
import { withDocument } from "./document";

withDocument((spec) => {
  SwaggerUI({
    dom_id: "#docs",
    spec,
    deepLinking: true,
    docExpansion: "none", // to draw a hundred calls takes seconds
    tryItOutEnabled: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
  });
});
