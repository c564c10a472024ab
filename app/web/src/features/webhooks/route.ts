import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../root";
import { deliverySearch } from "./search";

export const webhooksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/webhooks",
  staticData: { needs: "webhooks.manage" },
  component: lazyRouteComponent(() => import("./page"), "WebhooksPage"),
});

export const webhookRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/webhooks/$webhookId",
  staticData: { needs: "webhooks.manage" },
  validateSearch: deliverySearch,
  component: lazyRouteComponent(() => import("./webhook-page"), "WebhookPage"),
});
