import { queryOptions, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../api/client";
import { useMay } from "../api/may";
import { isInMotion, type JobEvent } from "./events";
import { newest, type Latest } from "./latest";

type Job = Schemas["JobResponse"];

/** The last event of each job: the one place in the cache that the socket writes to. */
export const latestQuery = queryOptions({
  queryKey: ["live"],
  queryFn: (): Latest => ({}),
  initialData: {},
  enabled: false,
  staleTime: Infinity,
  gcTime: Infinity,
});

/** The newest jobs, whatever their state: what the frame knows before the socket has said a word. */
const recentQuery = queryOptions({
  queryKey: ["jobs", "recent"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/jobs", { params: { query: { limit: 100 } }, signal })),
});

/** Return a job as it is at this moment. A component that shows many calls this in each row: only those that move render. */
export function useLive<J extends Job>(job: J): J {
  const { data } = useQuery({ ...latestQuery, select: (latest) => latest[job.id] });
  return newest(job, data);
}

/** Return the jobs that are queued, running or paused, newest first. */
export function useJobsInMotion(): JobEvent[] {
  const recent = useQuery({ ...recentQuery, enabled: useMay("jobs.see") });
  const { data: latest } = useQuery(latestQuery);
  return inMotion(recent.data?.jobs ?? [], latest);
}

export function inMotion(jobs: readonly Job[], latest: Latest): JobEvent[] {
  const known = new Map<string, JobEvent>(Object.entries(latest));
  for (const job of jobs) known.set(job.id, eventOf(newest(job, latest[job.id])));
  return [...known.values()].filter(isInMotion).sort((a, b) => (a.jobId < b.jobId ? 1 : -1));
}

function eventOf(job: Job): JobEvent {
  return { ...job, jobId: job.id, at: job.updatedAt };
}
