import { queryOptions, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../api/client";
import { useMay } from "../api/may";
import type { JobEvent } from "../../client/src/events.ts";
import { inMotion, newest, type Latest } from "./latest";

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
export const recentQuery = queryOptions({
  queryKey: ["jobs", "recent"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/jobs", { params: { query: { limit: 100 } }, signal })),
});

/** Return a job as it is at this moment. A component that shows many calls this in each row: only those that move render. */
export function useLive<J extends Job>(job: J): J {
  const { data } = useQuery({ ...latestQuery, select: (latest) => latest[job.id] });
  return newest(job, data);
}

/** Return the newest hundred jobs as they are at this moment, newest first. */
export function useRecentJobs(): Job[] {
  const recent = useQuery({ ...recentQuery, enabled: useMay("jobs.see") });
  const { data: latest } = useQuery(latestQuery);
  return (recent.data?.jobs ?? []).map((job) => newest(job, latest[job.id]));
}

/** Return the jobs that are queued, running or paused, newest first; not those that wait for their time. */
export function useJobsInMotion(): JobEvent[] {
  const recent = useRecentJobs();
  const { data: latest } = useQuery(latestQuery);
  return inMotion(recent, latest);
}
