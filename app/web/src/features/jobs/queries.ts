import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";
import { listOf, type JobSearch } from "./search";

export type Job = Schemas["JobResponse"];
export type JobPage = Schemas["JobPage"];

export const jobsQuery = (search: JobSearch) =>
  queryOptions({
    queryKey: ["jobs", "list", search],
    queryFn: ({ signal }) => answerOf(api.GET("/api/jobs", { params: { query: listOf(search) }, signal })),
    placeholderData: keepPreviousData,
  });

/** What there is of types of jobs, with the codes that their items can end with. */
export const jobTypesQuery = queryOptions({
  queryKey: ["job-types"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/job-types", { signal })),
  staleTime: Infinity,
});
