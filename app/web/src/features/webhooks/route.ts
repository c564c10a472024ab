import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { deliveriesQuery, webhookQuery, webhooksQuery } from "./queries";
import { deliverySearch } from "./search";

export const webhooksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/webhooks",
  staticData: { needs: "webhooks.manage" },
  loader: () => {
    if (mayNow("webhooks.manage")) prefetch(webhooksQuery);
  },
  component: lazyRouteComponent(() => import("./page"), "WebhooksPage"),
});

export const webhookRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/webhooks/$webhookId",
  staticData: { needs: "webhooks.manage" },
  validateSearch: deliverySearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => {
    if (!mayNow("webhooks.manage")) return;
    prefetch(webhookQuery(params.webhookId));
    prefetch(deliveriesQuery(params.webhookId, deps));
  },
  component: lazyRouteComponent(() => import("./webhook-page"), "WebhookPage"),
});
