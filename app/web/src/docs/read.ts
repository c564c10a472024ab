import bundle from "redoc/bundles/redoc.standalone.js?url";
import "./docs.css";
import { place, withDocument } from "./document";

/** Its search would need a worker out of a blob, which is a script of nobody's. */
const OPTIONS = { disableSearch: true, hideDownloadButton: true, nativeScrollbars: true };

withDocument((spec) => {
  const script = document.createElement("script"); // its modules are for no bundler
  script.src = bundle;
  script.onload = () => {
    Redoc.init(spec, OPTIONS, place);
  };
  document.head.append(script);
});
