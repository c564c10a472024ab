import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { importQuery } from "./queries";

export const newImportRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/imports",
  staticData: { needs: "imports.run" },
  component: lazyRouteComponent(() => import("./new-page"), "NewImportPage"),
});

export const importRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/imports/$importId",
  staticData: { needs: "imports.run" },
  loader: ({ params }) => {
    if (mayNow("imports.run")) prefetch(importQuery(params.importId));
  },
  component: lazyRouteComponent(() => import("./page"), "ImportPage"),
});
