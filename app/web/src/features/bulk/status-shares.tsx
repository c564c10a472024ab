import { count } from "../../ui/format";
import { StatusWord } from "../../ui/status-word";
import { STATUSES } from "../tickets/search";
import classes from "./dialog.module.css";

/** What the tickets are, by status: a bar for the eye, and the figures in words. */
export function StatusShares({ byStatus }: { byStatus: Readonly<Record<string, number>> }) {
  const shares = STATUSES.map((status) => ({ status, tickets: byStatus[status] ?? 0 })).filter(
    ({ tickets }) => tickets > 0,
  );
  if (shares.length === 0) return null;
  return (
    <div>
      <div className={classes.shares} aria-hidden>
        {shares.map(({ status, tickets }) => (
          <span key={status} data-status={status} style={{ flexGrow: tickets }} />
        ))}
      </div>
      <ul className={classes.legend} aria-label="What they are now">
        {shares.map(({ status, tickets }) => (
          <li key={status}>
            <StatusWord status={status} /> <strong>{count(tickets)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}
