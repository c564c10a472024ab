import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api } from "../../api/client";

/** Who can be asked to approve, whose names have `text` in them. */
export const approversQuery = (text: string) =>
  queryOptions({
    queryKey: ["approvers", text],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/approvers", { params: { query: text ? { text } : {} }, signal })),
    select: ({ approvers }) => approvers.map(({ id, username }) => ({ value: id, label: username })),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** The optics that can be asked for. */
export const partsQuery = queryOptions({
  queryKey: ["optics-parts"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/optics-parts", { signal })),
  select: ({ parts }) => parts,
});

export function useReplaceParts() {
  return useMutation({
    mutationFn: (parts: string[]) => answerOf(api.PUT("/api/optics-parts", { body: { parts } })),
    onSuccess: (list) => {
      cache.setQueryData(partsQuery.queryKey, list);
    },
  });
}
