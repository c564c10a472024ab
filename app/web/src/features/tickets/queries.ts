import { keepPreviousData, queryOptions, useMutation, useQuery, type QueryKey } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import { toast } from "../../ui/toast";
import type { TicketSearch } from "./search";

export type Ticket = Schemas["TicketResponse"];
type TicketPage = Schemas["TicketPage"];

const LISTS = ["tickets", "list"];

export const ticketsQuery = ({ columns, ...query }: TicketSearch) =>
  queryOptions({
    queryKey: [...LISTS, query],
    queryFn: ({ signal }) => answerOf(api.GET("/api/tickets", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** One ticket; a list that has it is where it comes from at first. */
export const ticketQuery = (id: string) =>
  queryOptions({
    queryKey: ["tickets", "one", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/tickets/{ticket_id}", { params: { path: { ticket_id: id } }, signal })),
    initialData: () => listed(id)?.ticket,
    initialDataUpdatedAt: () => listed(id)?.at,
  });

/** Tags that tickets have, the most frequent ones first, for staff to choose from. */
export function useTags(): string[] {
  const { data } = useQuery(tagsQuery);
  return data ?? [];
}

const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/tags", { signal })),
  select: ({ tags }) => tags.map(({ tag }) => tag),
  staleTime: 60_000,
});

/** Whether something has changed since a query was answered. */
export function useIsOutdated(queryKey: QueryKey): boolean {
  const subscribe = useCallback((changed: () => void) => cache.getQueryCache().subscribe(changed), []);
  return useSyncExternalStore(subscribe, () => cache.getQueryState(queryKey)?.isInvalidated ?? false);
}

export function useCreateTicket() {
  return useMutation({
    mutationKey: ["tickets", "create"],
    mutationFn: (body: Schemas["CreateTicket"]) => answerOf(api.POST("/api/tickets", { body })),
    onSuccess: refetchLists,
  });
}

type Change = { changes: Schemas["PatchTicket"]; version: number };

/** Change a ticket if it still has the version that was looked at; if not, fetch the one that it has. */
export function useChangeTicket(id: string) {
  return useMutation({
    mutationKey: ["tickets", "change", id],
    mutationFn: ({ changes, version }: Change) =>
      answerOf(
        api.PATCH("/api/tickets/{ticket_id}", {
          params: { path: { ticket_id: id }, header: { "If-Match": `"${version}"` } },
          body: changes,
        }),
      ),
    onSuccess: changed,
    onError: ({ status }) =>
      status === 412 ? cache.refetchQueries({ queryKey: ticketQuery(id).queryKey }) : undefined,
  });
}

export function useDeleteTicket({ id, number }: Ticket) {
  return useMutation({
    mutationKey: ["tickets", "delete", id],
    mutationFn: () =>
      answerOf(api.DELETE("/api/tickets/{ticket_id}", { params: { path: { ticket_id: id } } })),
    onSuccess: () => {
      const label = "Undo";
      toast(`Deleted #${number}`, [{ label, onClick: () => void restore(id, number) }]);
      refetchLists();
    },
  });
}

async function restore(id: string, number: number): Promise<void> {
  try {
    const path = { ticket_id: id };
    changed(await answerOf(api.POST("/api/tickets/{ticket_id}/restore", { params: { path } })));
    toast(`Restored #${number}`);
    refetchLists();
  } catch (error) {
    toast(`#${number} was not restored. ${error instanceof Error ? error.message : ""}`);
  }
}

export function refetchLists(): void {
  void cache.invalidateQueries({ queryKey: LISTS });
}

/** Put a ticket's new state where the old one is shown; its row stays where it is, whatever the filter. */
export function changed(ticket: Ticket): void {
  cache.setQueryData(ticketQuery(ticket.id).queryKey, ticket);
  cache.setQueriesData<TicketPage>({ queryKey: LISTS }, (page) => page && withTicket(page, ticket));
}

function withTicket(page: TicketPage, ticket: Ticket): TicketPage {
  return { ...page, tickets: page.tickets.map((one) => (one.id === ticket.id ? ticket : one)) };
}

function listed(id: string): { ticket: Ticket; at: number } | undefined {
  for (const query of cache.getQueryCache().findAll({ queryKey: LISTS })) {
    const ticket = (query.state.data as TicketPage | undefined)?.tickets.find((one) => one.id === id);
    if (ticket) return { ticket, at: query.state.dataUpdatedAt };
  }
  return undefined;
}
