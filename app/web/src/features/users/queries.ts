import { queryOptions, useQuery } from "@tanstack/react-query";
import { answerOf, api } from "../../api/client";
import { useMay } from "../../api/may";
import { useMe } from "../../api/me";

/** The names of users, by id: the first hundred, which is who is there in most houses. */
export const userNamesQuery = queryOptions({
  queryKey: ["users", "names"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/users", { params: { query: { limit: 100 } }, signal })),
  staleTime: 5 * 60_000,
  select: ({ users }) => new Map(users.map(({ id, username }) => [id, username])),
});

/** Return a user's name; undefined if it is not known, or not for this role to know. */
export function useUserName(id: string | null): string | undefined {
  const me = useMe();
  const names = useQuery({ ...userNamesQuery, enabled: useMay("users.list") });
  if (id === null) return undefined;
  return id === me.id ? me.username : names.data?.get(id);
}
