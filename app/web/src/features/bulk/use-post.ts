import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { cache } from "../../api/cache";
import type { Problem } from "../../../client/src/problems.ts";
import { RequestKey } from "../../api/request-key";
import { exactTime } from "../../ui/format";
import { toast } from "../../ui/toast";
import type { Job } from "../jobs/queries";
import { postJob } from "./queries";
import type { JobRequest } from "./requests";
import { undoAndTell, watchAction } from "./undo";
import { countWords, VERBS } from "./words";

export type CountChange = { was: number; now: number };

type Posting = {
  post: (request: JobRequest) => void;
  problem: Problem | null;
  isPending: boolean;
  /** The number of tickets was another one when it came to posting. */
  changed: CountChange | null;
};

/** Post the job of a dialog, once, however often its button is pressed. */
export function usePost(onPosted: () => void, onCountChanged: () => void): Posting {
  const tell = useTell();
  const [key] = useState(() => new RequestKey());
  const isUnderWay = useRef(false); // `isPending` comes too late for the second half of a double click
  const [changed, setChanged] = useState<CountChange | null>(null);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (request: JobRequest) => postJob(request, key.for(request)),
    onSuccess: (job, request) => {
      void cache.invalidateQueries({ queryKey: ["jobs"] });
      tell(job, request);
      onPosted();
    },
    onError: (problem, request) => {
      isUnderWay.current = false;
      if (problem.code !== "count_changed") return;
      setChanged({ was: request.expectedCount ?? 0, now: Number(problem.body.count) });
      onCountChanged();
    },
  });
  const post = (request: JobRequest) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    mutate(request);
  };
  return { post, problem: error?.code === "count_changed" ? null : error, isPending, changed };
}

/** Return what says that a job was posted: "Deleting 12,431 tickets · Watch · Undo". */
function useTell(): (job: Job, request: JobRequest) => void {
  const navigate = useNavigate();
  const watch = (jobId: string) => void navigate({ to: "/jobs/$jobId", params: { jobId } });
  return (job, { type, expectedCount }) => {
    const when = job.runAt === null ? "" : `, from ${exactTime(new Date(job.runAt))} on`;
    const undo = {
      label: "Undo",
      onClick: () => {
        undoAndTell(job.id, watch);
      },
    };
    const canUndo = type !== "bulk-purge";
    toast(`${VERBS[type].underWay} ${countWords(expectedCount)}${when}`, [
      watchAction(job.id, watch),
      ...(canUndo ? [undo] : []),
    ]);
  };
}
