import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import type { Problem } from "../../../client/src/problems.ts";
import { announce } from "../../ui/announcer";
import { jobTypesQuery } from "../jobs/queries";
import { jobQuery, summaryQuery, type Job } from "./queries";
import { hasEnded } from "./states";
import { mayRetry, type Step } from "./steps";

const CALLS = {
  pause: (init: Init) => api.POST("/api/jobs/{job_id}/pause", init),
  resume: (init: Init) => api.POST("/api/jobs/{job_id}/resume", init),
  cancel: (init: Init) => api.POST("/api/jobs/{job_id}/cancel", init),
  retry: (init: Init) => api.POST("/api/jobs/{job_id}/retry", init),
  undo: (init: Init) => api.POST("/api/jobs/{job_id}/undo", init),
};
type Init = { params: { path: { job_id: string } } };

const DONE: Partial<Record<Step, string>> = { pause: "Paused", resume: "Resumed", cancel: "Canceled" };

/** Take a step with a job. A retry or an undo is a job of its own, which is what one wants to see then. */
export function useStep(jobId: string) {
  const navigate = useNavigate();
  const mutationKey = ["jobs", jobId];
  const step = useMutation<Schemas["JobResponse"], Problem, Step>({
    mutationKey,
    mutationFn: (step) => post(step, jobId),
    onSuccess: async (job, taken) => {
      if (job.id !== jobId) {
        await navigate({ to: "/jobs/$jobId", params: { jobId: job.id } });
        return;
      }
      cache.setQueryData(
        jobQuery(jobId).queryKey,
        (old) => old && (old.seq > job.seq ? old : { ...old, ...job }),
      );
      announce(DONE[taken] ?? "");
    },
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: ["jobs", "one", jobId] });
    },
  });
  return {
    ...step,
    /** Take it, unless one is under way: a second click can come before anything has rendered. */
    take: (wanted: Step) => {
      if (cache.isMutating({ mutationKey }) === 0) step.mutate(wanted);
    },
  };
}

function post(step: Step, jobId: string) {
  return answerOf(CALLS[step]({ params: { path: { job_id: jobId } } }));
}

/** Whether a retry would take anything on, as far as that is known. */
export function useMayRetry(job: Job): boolean {
  const isEnded = hasEnded(job);
  const summary = useQuery({ ...summaryQuery(job.id, false), enabled: isEnded });
  const types = useQuery({ ...jobTypesQuery, enabled: isEnded });
  if (!isEnded || !summary.data || !types.data) return false;
  return mayRetry(summary.data, types.data.jobTypes, job.type);
}
