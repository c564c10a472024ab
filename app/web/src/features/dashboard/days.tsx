import { count, exactDay } from "../../ui/format";
import classes from "./dashboard.module.css";
import type { Day } from "./queries";

/** What was created and what was solved on each of 30 days: bars for the eye, a table for screen readers. */
export function Days({ days }: { days: Day[] }) {
  const most = Math.max(...days.flatMap(({ created, solved }) => [created, solved]), 1);
  const first = days[0];
  return (
    <section aria-labelledby="days">
      <h2 id="days">
        30 days: <span className={classes.created}>{count(sum(days, "created"))} created</span>,{" "}
        <span className={classes.solved}>{count(sum(days, "solved"))} solved</span>
      </h2>
      <div className={classes.days} aria-hidden>
        {days.map((day) => (
          <Bars key={day.date} day={day} most={most} />
        ))}
      </div>
      <p className={classes.ends} aria-hidden>
        <span>{first && exactDay(first.date)}</span>
        <span>most: {count(most)}</span>
        <span>Today</span>
      </p>
      <Table days={days} />
    </section>
  );
}

function Bars({ day: { date, created, solved }, most }: { day: Day; most: number }) {
  return (
    <div title={`${exactDay(date)}: ${count(created)} created, ${count(solved)} solved`}>
      <i data-of="created" style={{ transform: `scaleY(${created / most})` }} />
      <i data-of="solved" style={{ transform: `scaleY(${solved / most})` }} />
    </div>
  );
}

function Table({ days }: { days: Day[] }) {
  return (
    <table className="visually-hidden">
      <caption>Tickets by day</caption>
      <thead>
        <tr>
          <th>Day</th>
          <th>Created</th>
          <th>Solved</th>
        </tr>
      </thead>
      <tbody>
        {days.map(({ date, created, solved }) => (
          <tr key={date}>
            <th scope="row">{exactDay(date)}</th>
            <td>{count(created)}</td>
            <td>{count(solved)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sum(days: Day[], name: "created" | "solved"): number {
  return days.reduce((total, day) => total + day[name], 0);
}
