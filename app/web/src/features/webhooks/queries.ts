import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import type { DeliverySearch } from "./search";

export type Webhook = Schemas["WebhookResponse"];
export type Delivery = Schemas["DeliveryResponse"];
export type Attempt = Schemas["AttemptResponse"];
export type NewWebhook = Required<Schemas["CreateWebhook"]>;

const RENEW_MS = 3_000; // what is sent meanwhile comes into view by itself

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks", "list"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/webhooks", { signal })),
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ["webhooks", "one", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/webhooks/{webhook_id}", { params: { path: { webhook_id: id } }, signal })),
    refetchInterval: RENEW_MS,
  });

export const deliveriesQuery = (id: string, search: DeliverySearch) =>
  queryOptions({
    queryKey: ["webhooks", "deliveries", id, search],
    queryFn: ({ signal }) => {
      const params = { path: { webhook_id: id }, query: search };
      return answerOf(api.GET("/api/webhooks/{webhook_id}/deliveries", { params, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: RENEW_MS,
  });

/** What webhooks can be told of. */
export const eventTypesQuery = queryOptions({
  queryKey: ["event-types"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/event-types", { signal })),
  select: ({ eventTypes }) => eventTypes,
  staleTime: Infinity,
});

/** What is sent, and what came of each attempt; read again after each. */
export const deliveryQuery = ({ id, attempts, status }: Delivery) =>
  queryOptions({
    queryKey: ["webhooks", "delivery", id, attempts, status],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/deliveries/{delivery_id}", { params: { path: { delivery_id: id } }, signal })),
    placeholderData: keepPreviousData,
  });

export function useCreateWebhook() {
  return useMutation({
    mutationKey: ["webhooks", "create"],
    mutationFn: (body: NewWebhook) => answerOf(api.POST("/api/webhooks", { body })),
    onSuccess: refetch,
  });
}

export function useChangeWebhook(id: string) {
  return useMutation({
    mutationKey: ["webhooks", "change", id],
    mutationFn: (body: Schemas["PatchWebhook"]) =>
      answerOf(api.PATCH("/api/webhooks/{webhook_id}", { params: { path: { webhook_id: id } }, body })),
    onSuccess: refetch,
  });
}

export function useDeleteWebhook(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.DELETE("/api/webhooks/{webhook_id}", { params: { path: { webhook_id: id } } })),
    onSuccess: () => void cache.invalidateQueries(webhooksQuery), // nothing of the one that is gone
  });
}

/** Make a new secret; the old one signs beside it for a day. */
export function useRotateSecret(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.POST("/api/webhooks/{webhook_id}/rotate", { params: { path: { webhook_id: id } } })),
    onSuccess: refetch,
  });
}

/** Send a webhook something, to see whether it arrives. */
export function usePing(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.POST("/api/webhooks/{webhook_id}/ping", { params: { path: { webhook_id: id } } })),
    onSuccess: refetch,
  });
}

export function useReplay(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.POST("/api/deliveries/{delivery_id}/replay", { params: { path: { delivery_id: id } } })),
    onSuccess: refetch,
  });
}

/** Send all again that could not be delivered. */
export function useReplayAll(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.POST("/api/webhooks/{webhook_id}/replay", { params: { path: { webhook_id: id } } })),
    onSuccess: refetch,
  });
}

function refetch(): void {
  void cache.invalidateQueries({ queryKey: ["webhooks"] });
}
