import { RelativeTime } from "../../ui/relative-time";
import { deadlineWords } from "./deadline";
import type { Ticket } from "./queries";
import classes from "./tickets.module.css";

/** When a ticket is due, or that it is late; nothing for one that has no deadline. */
export function Due({ ticket: { dueAt, breached } }: { ticket: Pick<Ticket, "dueAt" | "breached"> }) {
  if (dueAt === null) return breached ? <span className={classes.late}>Was late</span> : null;
  return (
    <span className={breached ? classes.late : undefined}>
      <RelativeTime at={dueAt} words={deadlineWords} />
    </span>
  );
}
