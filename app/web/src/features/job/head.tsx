import { useLive } from "../../live/queries";
import { CopyableId } from "../../ui/copyable-id";
import { words } from "../../ui/format";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import { changeWords, targetWords } from "../jobs/sentences";
import { useNameOf } from "../users/queries";
import { UserName } from "../users/user-name";
import { Actions } from "./actions";
import { tookWords } from "./estimate";
import classes from "./job.module.css";
import { Links } from "./links";
import { Moment } from "./moment";
import type { Job } from "./queries";
import { hasEnded, stateOf } from "./states";

/** What the job is, who asked for it and why, how it stands, and what can be done about it. */
export function Head({ job }: { job: Job }) {
  const live = useLive(job);
  return (
    <div className={classes.head}>
      <div className={classes.about}>
        <p>
          <StatusWord status={stateOf(live)} /> <State job={live} />
        </p>
        {live.status === "failed" && job.error && <Why error={job.error} jobId={job.id} />}
        <What job={job} />
        <p className={classes.quiet}>
          by <UserName id={job.requestedBy} />
          {job.reason && ` · “${job.reason}”`} <When job={live} />
        </p>
        <Links job={job} />
      </div>
      <Actions job={live} />
    </div>
  );
}

/** Why the job as a whole has failed: the server has a code for it, and no words. */
function Why({ error, jobId }: { error: string; jobId: string }) {
  return (
    <p role="alert">
      <span className={classes.refusal}>It could not go on: {REASONS[error] ?? words(error)}.</span> The
      worker’s log tells more, under <CopyableId id={jobId} label="job id" />
    </p>
  );
}

const REASONS: Record<string, string> = {
  unknown_type: "no worker knows jobs of its type any more",
  internal_error: "an error came up that nobody had foreseen",
};

function What({ job: { params } }: { job: Job }) {
  const nameOf = useNameOf();
  const words = [targetWords(params, nameOf), changeWords(params, nameOf).join(", ")].filter(Boolean);
  return words.length > 0 && <p>{words.join(" · ")}</p>;
}

/** What there is to say beside the word for the state. */
function State({ job }: { job: Job }) {
  const { status, pausedBy, pausedAt, runAt } = job;
  const took = tookWords(job);
  if (stateOf(job) === "scheduled" && runAt) {
    return (
      <>
        · starts <RelativeTime at={runAt} />
      </>
    );
  }
  if (status === "paused" && pausedAt) {
    return (
      <>
        by <UserName id={pausedBy} /> at <Moment at={pausedAt} />
      </>
    );
  }
  return hasEnded(job) && took ? `in ${took}` : null;
}

function When({ job: { startedAt, finishedAt, createdAt } }: { job: Job }) {
  const [word, at] = finishedAt
    ? ["ended", finishedAt]
    : startedAt
      ? ["started", startedAt]
      : ["posted", createdAt];
  return (
    <>
      · {word} <Moment at={at} />
    </>
  );
}
