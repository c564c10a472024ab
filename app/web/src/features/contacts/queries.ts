import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import type { ContactSearch } from "./search";

export type Contact = Schemas["ContactResponse"];

const LISTS = ["contacts", "list"];

export const contactsQuery = (search: ContactSearch) =>
  queryOptions({
    queryKey: [...LISTS, search],
    queryFn: ({ signal }) => answerOf(api.GET("/api/contacts", { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/contacts/{contact_id}", { params: { path: { contact_id: id } }, signal })),
    staleTime: 60_000,
  });

export function useCreateContact() {
  return useMutation({
    mutationFn: (body: Schemas["CreateContact"]) => answerOf(api.POST("/api/contacts", { body })),
    onSuccess: refetchLists,
  });
}

export function useChangeContact(id: string) {
  return useMutation({
    mutationFn: (body: Schemas["PatchContact"]) =>
      answerOf(api.PATCH("/api/contacts/{contact_id}", { params: { path: { contact_id: id } }, body })),
    onSuccess: (contact) => {
      cache.setQueryData(contactQuery(id).queryKey, contact);
      refetchLists();
    },
  });
}

export function useDeleteContact(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.DELETE("/api/contacts/{contact_id}", { params: { path: { contact_id: id } } })),
    onSuccess: refetchLists,
  });
}

/** Give a contact's tickets to another one, which is answered. */
export function useMergeContact(id: string) {
  return useMutation({
    mutationFn: (into: string) =>
      answerOf(
        api.POST("/api/contacts/{contact_id}/merge", {
          params: { path: { contact_id: id } },
          body: { into },
        }),
      ),
    onSuccess: (contact) => {
      cache.setQueryData(contactQuery(contact.id).queryKey, contact);
      refetchLists();
      void cache.invalidateQueries({ queryKey: ["tickets"] });
    },
  });
}

function refetchLists(): void {
  void cache.invalidateQueries({ queryKey: LISTS });
}
