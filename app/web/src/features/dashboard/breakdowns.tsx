import { Link } from "@tanstack/react-router";
import { useId, type ReactNode } from "react";
import { capitalized, count, words } from "../../ui/format";
import { PRIORITIES, STATUSES, UNSOLVED } from "../tickets/search";
import classes from "./dashboard.module.css";
import type { Stats } from "./queries";

export function Statuses({ stats: { byStatus, total } }: { stats: Stats }) {
  return (
    <Breakdown title="By status">
      {STATUSES.map((status) => (
        <Row key={status} of={byStatus[status] ?? 0} most={total}>
          <Link to="/tickets" search={{ status: [status] }}>
            {capitalized(words(status))}
          </Link>
        </Row>
      ))}
    </Breakdown>
  );
}

export function Priorities({ stats: { byPriority, total } }: { stats: Stats }) {
  return (
    <Breakdown title="By priority">
      {PRIORITIES.map((priority) => (
        <Row key={priority} of={byPriority[priority] ?? 0} most={total}>
          <Link to="/tickets" search={{ priority: [priority] }}>
            {capitalized(priority)}
          </Link>
        </Row>
      ))}
    </Breakdown>
  );
}

export function Assignees({ stats: { byAssignee } }: { stats: Stats }) {
  const most = Math.max(...byAssignee.map((each) => each.count), 1);
  return (
    <Breakdown title="Unsolved, by assignee">
      {byAssignee.map(({ assigneeId, username, count: tickets }) => (
        <Row key={assigneeId ?? "nobody"} of={tickets} most={most}>
          <Link to="/tickets" search={{ status: UNSOLVED, assigneeId: [assigneeId ?? "none"] }}>
            {username ?? "Nobody"}
          </Link>
        </Row>
      ))}
    </Breakdown>
  );
}

export function Jobs({ stats: { jobs } }: { stats: Stats }) {
  const ended = jobs.completed + jobs.failed + jobs.canceled;
  return (
    <Breakdown title="Jobs, in 30 days">
      {(["completed", "failed", "canceled"] as const).map((status) => (
        <Row key={status} of={jobs[status]} most={ended}>
          <Link to="/jobs" search={{ tab: "ended", status: [status] }}>
            {capitalized(status)}
          </Link>
        </Row>
      ))}
      <Row of={jobs.active} most={ended}>
        In motion now
      </Row>
      <Row of={jobs.succeededItems} most={jobs.succeededItems + jobs.failedItems}>
        Tickets done
      </Row>
      <Row of={jobs.failedItems} most={jobs.succeededItems + jobs.failedItems}>
        Tickets failed
      </Row>
    </Breakdown>
  );
}

function Breakdown({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <table className={classes.rows}>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** A number, with a bar beside it for the eye. */
function Row({ of, most, children }: { of: number; most: number; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{children}</th>
      <td className={classes.share} aria-hidden>
        <div style={{ transform: `scaleX(${most > 0 ? of / most : 0})` }} />
      </td>
      <td className={classes.number}>{count(of)}</td>
    </tr>
  );
}
