import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";
import { useMay } from "../../api/may";
import { useMe } from "../../api/me";
import type { Change } from "./change";
import type { UserSearch } from "./search";

export type ListedUser = Schemas["ListedUser"];

export const usersQuery = (search: UserSearch) =>
  queryOptions({
    queryKey: ["users", "list", search],
    queryFn: ({ signal }) => answerOf(api.GET("/api/users", { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  });

/** Change someone's rights; who changes their own has to sign in again, and is then shown what they may see now. */
export function useChangeOf({ id }: ListedUser) {
  const cache = useQueryClient();
  const me = useMe();
  return useMutation({
    mutationFn: (body: Change) =>
      answerOf(api.PATCH("/api/users/{user_id}", { params: { path: { user_id: id } }, body })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["users"] });
      if (id === me.id) void cache.invalidateQueries({ queryKey: ["me"] });
    },
  });
}

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
