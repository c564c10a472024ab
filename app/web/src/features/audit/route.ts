import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { auditQuery } from "./queries";
import { auditSearch } from "./search";

export const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit",
  staticData: { needs: "audit.see" },
  validateSearch: auditSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (mayNow("audit.see")) prefetch(auditQuery(deps));
  },
  component: lazyRouteComponent(() => import("./page"), "AuditPage"),
});
