import { queryOptions } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";

export type Stats = Schemas["Stats"];
export type Day = Stats["days"][number];

const RENEW_MS = 5000; // as often as the API counts

export const statsQuery = queryOptions({
  queryKey: ["dashboard"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/dashboard/stats", { signal })),
  refetchInterval: RENEW_MS,
});
