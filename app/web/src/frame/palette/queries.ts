import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../../api/client";

export const viewsQuery = queryOptions({
  queryKey: ["views", "palette"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/views", { params: { query: { limit: 100 } }, signal })),
});

export const ticketByNumberQuery = (number: number) =>
  queryOptions({
    queryKey: ["tickets", "number", number],
    queryFn: ({ signal }) => answerOf(api.GET("/api/tickets", { params: { query: { number } }, signal })),
  });

export const jobByIdQuery = (id: string) =>
  queryOptions({
    queryKey: ["jobs", "one", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
  });
