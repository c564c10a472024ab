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

/** Return a function that gives users' names; undefined for who is not known, or not for this role to know. */
export function useNames(): (id: string) => string | undefined {
  const me = useMe();
  const names = useQuery({ ...userNamesQuery, enabled: useMay("users.list") });
  return (id) => (id === me.id ? me.username : names.data?.get(id));
}

/** As `useNames`, for sentences: who is not known is called by the beginning of their id. */
export function useNameOf(): (id: string) => string {
  const names = useNames();
  return (id) => names(id) ?? id.slice(0, 8);
}
