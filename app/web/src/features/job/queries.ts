import { queryOptions } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";

export type Job = Schemas["JobDetail"];
export type Summary = Schemas["SummaryResponse"];

const SUMMARY_MS = 5_000; // to count a million results takes the database a moment

export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ["jobs", "one", jobId],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/jobs/{job_id}", { params: { path: { job_id: jobId } }, signal })),
  });

/** How many items ended with which code; asked for again and again while the job moves. */
export const summaryQuery = (jobId: string, isMoving: boolean) =>
  queryOptions({
    queryKey: ["jobs", "one", jobId, "summary"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/jobs/{job_id}/summary", { params: { path: { job_id: jobId } }, signal })),
    refetchInterval: isMoving && SUMMARY_MS,
  });
