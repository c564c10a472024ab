import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CopyableId } from "../../ui/copyable-id";
import { capitalized, exactTime, words } from "../../ui/format";
import { ACTIONS, pairOf } from "./sentences";
import classes from "./audit.module.css";
import type { Entry } from "./queries";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** All that the log has of an entry. */
export function Details({ entry }: { entry: Entry }) {
  const subject = subjectOf(entry.action);
  return (
    <dl className={classes.details}>
      <Detail name="When">{exactTime(new Date(entry.at))}</Detail>
      <Detail name="Action">
        {ACTIONS[entry.action] ?? words(entry.action)} <code>{entry.action}</code>
      </Detail>
      {entry.reason !== null && <Detail name="Why">{entry.reason}</Detail>}
      {Object.entries(entry.details).map(([name, value]) => (
        <Detail key={name} name={capitalized(words(name))}>
          <Value value={value} />
        </Detail>
      ))}
      {entry.address !== null && <Detail name="From">{entry.address}</Detail>}
      {entry.requestId !== null && (
        <Detail name="Request">
          <CopyableId id={entry.requestId} label="request id" />
        </Detail>
      )}
      {entry.subjectId !== null && (
        <Detail name={capitalized(subject)}>
          <CopyableId id={entry.subjectId} label={`${subject} id`} />{" "}
          <Link to="/audit" search={{ subjectId: entry.subjectId }}>
            All of this {subject}
          </Link>
        </Detail>
      )}
    </dl>
  );
}

const SUBJECTS = ["job", "ticket", "contact", "sla_policy", "calendar"];

/** What was acted upon; sessions, passwords and sign-ins are those of users. */
function subjectOf(action: string): string {
  const subject = SUBJECTS.find((one) => action.startsWith(`${one}.`)) ?? "user";
  return subject === "sla_policy" ? "policy" : subject;
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What changed is shown as it was before, and after. */
function Value({ value }: { value: unknown }) {
  const pair = pairOf(value);
  if (!pair) return ID.test(String(value)) ? <CopyableId id={String(value)} /> : textOf(value);
  const [before, after] = pair;
  return (
    <>
      <del>{textOf(before)}</del>
      <span aria-hidden> → </span>
      <ins>{textOf(after)}</ins>
    </>
  );
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}
