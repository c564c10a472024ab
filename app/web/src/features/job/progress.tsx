import { useEffect, useEffectEvent } from "react";
import { useLive } from "../../live/queries";
import { announce } from "../../ui/announcer";
import { Bar } from "../../ui/bar";
import { Figure } from "../../ui/figure";
import { capitalized, count, percent } from "../../ui/format";
import { doneWord } from "../jobs/sentences";
import { estimateWords } from "./estimate";
import classes from "./job.module.css";
import type { Job } from "./queries";
import { hasEnded, isMoving } from "./states";

const ANNOUNCE_MS = 5_000;

/** How far the job is: the largest thing on its screen. */
export function Progress({ job }: { job: Job }) {
  const live = useLive(job);
  useAnnouncements(live);
  const { succeeded, failed, total, processed, progress, status } = live;
  return (
    <section aria-label="Progress" className={classes.progress}>
      <p className={classes.large}>
        {total === null ? (
          <span>{hasEnded(live) ? "Never counted" : status === "queued" ? "Not begun" : "Counting…"}</span>
        ) : (
          <>
            <span>
              <strong>{count(processed)}</strong> of {count(total)}
            </span>
            <span>{percent(progress)}</span>
          </>
        )}
      </p>
      <div className={classes.largeBar}>
        <Bar
          label="Progress"
          succeeded={succeeded}
          failed={failed}
          total={total}
          isPaused={status === "paused"}
        />
      </div>
      <Figures job={live} />
      <PartsTable job={live} />
    </section>
  );
}

function Figures({ job }: { job: Job }) {
  const { type, succeeded, failed, unprocessed, ratePerSecond, status } = job;
  const estimate = estimateWords(job);
  return (
    <p className={classes.figures}>
      <Figure value={count(succeeded)} label={doneWord(type)} tone="good" />
      <Figure value={count(failed)} label="failed" {...(failed > 0 && { tone: "bad" })} />
      {unprocessed !== null && <Figure value={count(unprocessed)} label="left" />}
      {status === "running" && ratePerSecond !== null && <Figure value={count(ratePerSecond)} label="/ s" />}
      {estimate && <span className={classes.quiet}>{estimate}</span>}
    </p>
  );
}

/** The bar, for those who do not see it. */
function PartsTable({ job: { type, succeeded, failed, unprocessed, total } }: { job: Job }) {
  const parts = [
    [capitalized(doneWord(type)), succeeded],
    ["Failed", failed],
    ["Left", unprocessed],
    ["All", total],
  ] as const;
  return (
    <table className="visually-hidden">
      <caption>Tickets of this job</caption>
      <tbody>
        {parts.map(([name, number]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{number === null ? "not counted yet" : count(number)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Tell screen readers each change of state, and every five seconds how far it is. */
function useAnnouncements(job: Job): void {
  const { status } = job;
  const isTold = isMoving(job);
  const tell = useEffectEvent(() => {
    const { processed, total, failed, progress } = job;
    if (total === null) return;
    const failures = failed > 0 ? `, ${count(failed)} failed` : "";
    announce(
      `${capitalized(status)}, ${percent(progress)}, ${count(processed)} of ${count(total)}${failures}`,
    );
  });
  useEffect(() => {
    tell();
    if (!isTold) return;
    const timer = setInterval(tell, ANNOUNCE_MS);
    return () => {
      clearInterval(timer);
    };
  }, [status, isTold]);
}
