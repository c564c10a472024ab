import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api } from "../../api/client";
import { toast } from "../../ui/toast";
import type { Ticket } from "../tickets/queries";
import type { TicketSearch } from "../tickets/search";

/** What was deleted last comes first. */
export const trashQuery = (search: TicketSearch) =>
  queryOptions({
    queryKey: ["tickets", "trash", search],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/tickets", {
          params: { query: { ...search, deleted: true, sort: "-updated" } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** Bring one ticket back, as it was. */
export function useRestore({ id, number }: Ticket) {
  const params = { path: { ticket_id: id } };
  return useMutation({
    mutationFn: () => answerOf(api.POST("/api/tickets/{ticket_id}/restore", { params })),
    onSuccess: async () => {
      toast(`Restored #${number}`);
      await cache.invalidateQueries({ queryKey: ["tickets"] });
    },
    onError: ({ detail }) => {
      toast(`#${number} was not restored. ${detail}`);
    },
  });
}
