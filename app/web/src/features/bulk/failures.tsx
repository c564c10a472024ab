import { useQuery } from "@tanstack/react-query";
import { count, words } from "../../ui/format";
import type { Ticket } from "../tickets/queries";
import classes from "./dialog.module.css";
import { codesQuery } from "./queries";
import type { JobType } from "./requests";
import { SampleList } from "./sample";
import { VERBS } from "./words";

type Props = { type: JobType; wouldFail: Readonly<Record<string, number>>; sample: readonly Ticket[] };

/** What will fail, and why; opens what the codes mean, and those of the sample that are among them. */
export function Failures({ type, wouldFail, sample }: Props) {
  const { data: meanings } = useQuery(codesQuery(type));
  const codes = Object.entries(wouldFail);
  if (codes.length === 0) return null;
  const total = codes.reduce((sum, [, tickets]) => sum + tickets, 0);
  return (
    <details className={classes.fold} data-tone="warn">
      <summary>
        ⚠ {count(total)} cannot be {VERBS[type].done}:{" "}
        {codes.map(([code, tickets]) => `${words(code)} ${count(tickets)}`).join(", ")}
      </summary>
      {codes.map(([code, tickets]) => (
        <div key={code}>
          <p>
            <strong>{count(tickets)}</strong> <code>{code}</code> {meanings?.get(code)}
          </p>
          <SampleList tickets={sample.filter((ticket) => certainlyFails(ticket, code))} />
        </div>
      ))}
    </details>
  );
}

/** Whether a ticket shows by itself that it will fail with a code. */
function certainlyFails({ deletedAt }: Ticket, code: string): boolean {
  if (code === "already_deleted" || code === "deleted") return deletedAt !== null;
  return code === "not_deleted" && deletedAt === null;
}
