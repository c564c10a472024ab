import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "./client";

export type User = Schemas["UserResponse"];
export type Role = User["role"];

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/me", { signal })),
});

export function useMe(): User {
  return useSuspenseQuery(meQuery).data;
}
