import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";
import type { TicketSearch } from "./search";

export type Ticket = Schemas["TicketResponse"];

export const ticketsQuery = (search: TicketSearch) =>
  queryOptions({
    queryKey: ["tickets", "list", search],
    queryFn: ({ signal }) => answerOf(api.GET("/api/tickets", { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  });
