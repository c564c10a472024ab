import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";
import type { JobEvent } from "../../live/events";
import { arrivedAfter } from "../../live/latest";
import { latestQuery } from "../../live/queries";
import type { JobSearch } from "./search";

export type Job = Schemas["JobResponse"];

export const jobsQuery = (search: JobSearch) =>
  queryOptions({
    queryKey: ["jobs", "list", search],
    queryFn: ({ signal }) => answerOf(api.GET("/api/jobs", { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  });

/** Return how many jobs that belong to a list have come since it was fetched: rows never move by themselves. */
export function useArrivals(jobs: readonly Job[], { status, type }: JobSearch): number {
  const newestId = jobs[0]?.id ?? "";
  const belongs = (event: JobEvent) =>
    (status === undefined || status.includes(event.status)) && (type === undefined || type === event.type);
  const { data } = useQuery({
    ...latestQuery,
    select: (latest) => arrivedAfter(newestId, latest).filter(belongs).length,
  });
  return data;
}
