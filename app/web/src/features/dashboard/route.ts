import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { statsQuery } from "./queries";

export const dashboardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/dashboard",
  staticData: { needs: "dashboard.see" },
  loader: () => {
    if (mayNow("dashboard.see")) prefetch(statsQuery);
  },
  component: lazyRouteComponent(() => import("./page"), "DashboardPage"),
});
