import { infiniteQueryOptions } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";

export type Change = Schemas["ChangeResponse"];

/** What became of a ticket, the newest first. */
export const historyQuery = (ticketId: string) =>
  infiniteQueryOptions({
    queryKey: ["history", ticketId],
    queryFn: ({ signal, pageParam: cursor }) => {
      const params = { path: { ticket_id: ticketId }, query: { ...(cursor !== null && { cursor }) } };
      return answerOf(api.GET("/api/tickets/{ticket_id}/history", { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) => pages.flatMap(({ changes }) => changes),
  });
