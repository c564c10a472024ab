import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../root";
import { deliverySearch } from "../webhooks/search";

export const outboxRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/outbox",
  staticData: { needs: "webhooks.manage" },
  validateSearch: deliverySearch,
  component: lazyRouteComponent(() => import("./page"), "OutboxPage"),
});
