import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import { RequestKey } from "../../api/request-key";
import type { LedgerSearch, StockSearch } from "./search";

export type Item = Schemas["StockResponse"];
export type Movement = Schemas["MovementResponse"];

export const stockQuery = (search: StockSearch) =>
  queryOptions({
    queryKey: ["inventory", "on-hand", search],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/inventory/on-hand", { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  });

export const itemQuery = (id: string) =>
  queryOptions({
    queryKey: ["inventory", "one", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/inventory/items/{item_id}", { params: { path: { item_id: id } }, signal })),
  });

export const ledgerQuery = (search: LedgerSearch & { itemId?: string }) =>
  queryOptions({
    queryKey: ["inventory", "movements", search],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/inventory/movements", { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  });

export function useReceive() {
  const [key] = useState(() => new RequestKey());
  return useMutation({
    mutationFn: (body: Schemas["ReceiveCable"]) =>
      answerOf(
        api.POST("/api/cable-receiving", { body, params: { header: { "Idempotency-Key": key.for(body) } } }),
      ),
    onSuccess: refetch,
  });
}

export function useAdjust() {
  return useMutation({
    mutationFn: (body: Schemas["AdjustStock"]) => answerOf(api.POST("/api/inventory/adjustments", { body })),
    onSettled: refetch, // a refusal, too, tells that there is not what we show
  });
}

export function useSetLowAt(id: string) {
  return useMutation({
    mutationFn: (lowAt: number | null) =>
      answerOf(
        api.PATCH("/api/inventory/items/{item_id}", { params: { path: { item_id: id } }, body: { lowAt } }),
      ),
    onSuccess: refetch,
  });
}

function refetch(): void {
  void cache.invalidateQueries({ queryKey: ["inventory"] });
}
