import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../../api/client";

export const ticketByNumberQuery = (number: number) =>
  queryOptions({
    queryKey: ["tickets", "number", number],
    queryFn: ({ signal }) => answerOf(api.GET("/api/tickets", { params: { query: { number } }, signal })),
  });
