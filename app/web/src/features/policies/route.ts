import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { calendarsQuery, policiesQuery } from "./queries";

export const policiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/policies",
  staticData: { needs: "policies.change" },
  loader: () => {
    if (!mayNow("policies.change")) return;
    prefetch(policiesQuery);
    prefetch(calendarsQuery);
  },
  component: lazyRouteComponent(() => import("./page"), "PoliciesPage"),
});
