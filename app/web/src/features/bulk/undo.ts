import { MutationObserver } from "@tanstack/react-query";
import { cache, delayMs } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import { Problem } from "../../../client/src/problems.ts";
import { counted } from "../../ui/format";
import { toast } from "../../ui/toast";

type Job = Schemas["JobResponse"];
type Undone = { changed: number; undoId: string | null };

const MAX_RETRIES = 10;

/** Take back what a job has done, and keep it from doing more; tell what came of it. */
export function undoAndTell(jobId: string, watch: (jobId: string) => void): void {
  const hide = toast("Stopping the job, and undoing what it has done…");
  undoing()
    .mutate(jobId)
    .finally(hide)
    .then(({ changed, undoId }) => {
      if (undoId === null) toast("Nothing had been changed yet, and nothing will be.");
      else toast(`Undoing it for ${counted(changed, "ticket")}`, [watchAction(undoId, watch)]);
    })
    .catch((error: unknown) => {
      const reason = error instanceof Problem ? error.detail : String(error);
      const again = {
        label: "Try again",
        onClick: () => {
          undoAndTell(jobId, watch);
        },
      };
      toast(`This could not be undone. ${reason}`, [again, watchAction(jobId, watch)]);
    });
}

export function watchAction(jobId: string, watch: (jobId: string) => void) {
  return {
    label: "Watch",
    onClick: () => {
      watch(jobId);
    },
  };
}

/** Each step can be taken again: a canceled job stays canceled, and an undone one names the job that did it. */
function undoing() {
  return new MutationObserver<Undone, Problem, string>(cache, {
    mutationFn: undo,
    retry: (failures, error) => failures < MAX_RETRIES && (error.isPassing || error.code === "job_not_ended"),
    retryDelay: delayMs,
  });
}

async function undo(jobId: string): Promise<Undone> {
  const { succeeded } = await ended(jobId);
  try {
    const job = await answerOf(api.POST("/api/jobs/{job_id}/undo", { params: { path: { job_id: jobId } } }));
    return { changed: succeeded, undoId: job.id };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "nothing_to_undo") return { changed: 0, undoId: null };
    if (error.code === "already_undone") return { changed: succeeded, undoId: String(error.body.jobId) };
    throw error;
  }
}

/** Cancel a job if it is still under way: once that is answered it changes nothing more. */
async function ended(jobId: string): Promise<Job> {
  const params = { path: { job_id: jobId } };
  try {
    return await answerOf(api.POST("/api/jobs/{job_id}/cancel", { params }));
  } catch (error) {
    if (!(error instanceof Problem && error.code === "job_not_cancelable")) throw error;
    return answerOf(api.GET("/api/jobs/{job_id}", { params }));
  }
}
