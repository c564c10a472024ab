import { Link } from "@tanstack/react-router";
import { isInMotion, isScheduled } from "../../../client/src/events.ts";
import { useLive } from "../../live/queries";
import { Bar } from "../../ui/bar";
import type { Column } from "../../ui/data-table";
import { count } from "../../ui/format";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import { useNameOf } from "../users/queries";
import { UserName } from "../users/user-name";
import classes from "./jobs.module.css";
import type { Job } from "./queries";
import { sentenceOf } from "./sentences";
import { useParentType } from "./use-parent-type";

/** Cells that move follow their job by themselves, so that a job's event renders its own row alone. */
export const columns: Column<Job>[] = [
  { id: "what", header: "What", narrow: "title", cell: (job) => <What job={job} /> },
  { id: "state", header: "State", width: "120px", narrow: "meta", cell: (job) => <State job={job} /> },
  {
    id: "progress",
    header: "Progress",
    width: "180px",
    narrow: "fill",
    cell: (job) => <Progress job={job} />,
  },
  {
    id: "done",
    header: "Done",
    width: "204px",
    align: "end",
    narrow: "meta",
    cell: (job) => <Done job={job} />,
  },
  {
    id: "rate",
    header: "Rate",
    width: "104px",
    align: "end",
    narrow: "hidden",
    cell: (job) => <Rate job={job} />,
  },
  {
    id: "by",
    header: "By",
    width: "112px",
    narrow: "hidden",
    cell: (job) => <UserName id={job.requestedBy} />,
  },
  {
    id: "when",
    header: "When",
    width: "112px",
    narrow: "aside",
    cell: ({ runAt, createdAt, finishedAt }) => <RelativeTime at={finishedAt ?? runAt ?? createdAt} />,
  },
];

function What({ job }: { job: Job }) {
  const sentence = sentenceOf(useLive(job), useNameOf(), useParentType(job));
  return (
    <Link
      to="/jobs/$jobId"
      params={{ jobId: job.id }}
      title={sentence}
      data-row-link
      className={classes.what}
    >
      {sentence}
    </Link>
  );
}

function State({ job }: { job: Job }) {
  return <StatusWord status={useLive(job).status} />;
}

function Progress({ job }: { job: Job }) {
  const { succeeded, failed, total, status } = useLive(job);
  return (
    <Bar
      label="Progress"
      succeeded={succeeded}
      failed={failed}
      total={total}
      isPaused={status === "paused"}
    />
  );
}

function Done({ job }: { job: Job }) {
  const live = useLive(job);
  const { processed, total } = live;
  if (total !== null) return `${count(processed)} of ${count(total)}`;
  return isInMotion(live) && !isScheduled(live) ? "counting…" : null;
}

function Rate({ job }: { job: Job }) {
  const { ratePerSecond, status } = useLive(job);
  return status === "running" && ratePerSecond !== null ? `${count(ratePerSecond)} / s` : null;
}
