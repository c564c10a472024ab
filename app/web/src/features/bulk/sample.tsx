import { count } from "../../ui/format";
import { StatusWord } from "../../ui/status-word";
import type { Ticket } from "../tickets/queries";
import classes from "./dialog.module.css";

const SHOWN = 2;

/** A few of the tickets by name; opens all that the preview has. */
export function Sample({ tickets, total }: { tickets: readonly Ticket[]; total: number }) {
  if (tickets.length === 0) return null;
  const more = tickets.length - SHOWN;
  return (
    <details className={classes.fold}>
      <summary>
        {tickets.slice(0, SHOWN).map(({ id, number, title }) => (
          <span key={id} className={classes.example}>
            #{number} {title}
          </span>
        ))}
        {more > 0 && <span className={classes.more}>· {more} more…</span>}
      </summary>
      <SampleList tickets={tickets} />
      {total > tickets.length && <p className={classes.quiet}>and {count(total - tickets.length)} others</p>}
    </details>
  );
}

export function SampleList({ tickets }: { tickets: readonly Ticket[] }) {
  if (tickets.length === 0) return null;
  return (
    <ul className={classes.samples}>
      {tickets.map(({ id, number, title, status }) => (
        <li key={id}>
          <span>#{number}</span>
          <span title={title}>{title}</span>
          <StatusWord status={status} />
        </li>
      ))}
    </ul>
  );
}
