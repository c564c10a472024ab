import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";
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

/** Return how many jobs have come since a list was fetched: rows never move by themselves. */
export function useArrivals(jobs: readonly Job[]): number {
  const newestId = jobs[0]?.id ?? "";
  const { data } = useQuery({ ...latestQuery, select: (latest) => arrivedAfter(newestId, latest).length });
  return data;
}
