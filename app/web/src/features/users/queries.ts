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

/** Change someone's rights. */
export function useChangeOf({ id }: ListedUser) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Change) =>
      answerOf(api.PATCH("/api/users/{user_id}", { params: { path: { user_id: id } }, body })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["users"] });
    },
  });
}

/** Add a user; who has no password yet gets a link to choose one. */
export function useCreateUser() {
  const cache = useQueryClient();
  return useMutation({
    mutationKey: ["users", "create"],
    mutationFn: (body: Schemas["CreateUser"]) => answerOf(api.POST("/api/users", { body })),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["users"] }),
  });
}

/** Make a link for a user to choose a password with; the one before is void. */
export function useResetLink({ id }: ListedUser) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.POST("/api/users/{user_id}/password-reset", { params: { path: { user_id: id } } })),
  });
}

/** Shut an account for good, and forget whose it was. */
export function useEraseUser({ id }: ListedUser) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answerOf(
        api.DELETE("/api/users/{user_id}", { params: { path: { user_id: id }, query: { erase: true } } }),
      ),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["users"] }),
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

/** Who tickets can be assigned to: active agents and admins, a hundred of each at most, whose names have `text` in them. */
export const staffQuery = (text: string) =>
  queryOptions({
    queryKey: ["users", "staff", text],
    queryFn: async ({ signal }) => {
      const found = await Promise.all(STAFF.map((role) => answerOf(usersOf(role, text, signal))));
      return found.flatMap(({ users }) => users).sort((a, b) => a.username.localeCompare(b.username));
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

const STAFF = ["agent", "admin"] as const;

function usersOf(role: (typeof STAFF)[number], text: string, signal: AbortSignal) {
  const query = { role, active: true, limit: 100, ...(text && { text }) };
  return api.GET("/api/users", { params: { query }, signal });
}
