import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import type { DeliverySearch } from "../webhooks/search";

export type Message = Schemas["MessageResponse"];
export type Topic = Message["topic"];
export type Attempt = Schemas["MessageAttempt"];
export type Preferences = Schemas["Preferences"];

const RENEW_MS = 3_000; // what is sent meanwhile comes into view by itself

export const outboxQuery = (search: DeliverySearch) =>
  queryOptions({
    queryKey: ["outbox", "list", search],
    queryFn: ({ signal }) => answerOf(api.GET("/api/outbox", { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: RENEW_MS,
  });

/** A message with its words, and what came of each attempt; read again after each. */
export const messageQuery = ({ id, attempts, status }: Message) =>
  queryOptions({
    queryKey: ["outbox", "one", id, attempts, status],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/outbox/{message_id}", { params: { path: { message_id: id } }, signal })),
    placeholderData: keepPreviousData,
  });

export function useSendAgain(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.POST("/api/outbox/{message_id}/replay", { params: { path: { message_id: id } } })),
    onSuccess: refetch,
  });
}

/** Send all again that failed, or was skipped. */
export function useSendLostAgain() {
  return useMutation({
    mutationFn: () => answerOf(api.POST("/api/outbox/replay")),
    onSuccess: refetch,
  });
}

function refetch(): void {
  void cache.invalidateQueries({ queryKey: ["outbox"] });
}

export const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/me/notifications", { signal })),
});

export function useChoose() {
  return useMutation({
    mutationFn: (body: Preferences) => answerOf(api.PUT("/api/me/notifications", { body })),
    onSuccess: (chosen) => {
      cache.setQueryData(preferencesQuery.queryKey, chosen);
    },
  });
}
