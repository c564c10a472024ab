import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../root";

export const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit",
  staticData: { needs: "audit.see" },
  component: lazyRouteComponent(() => import("./page"), "AuditPage"),
});
