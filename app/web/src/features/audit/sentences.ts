import { articled, count, counted, words } from "../../ui/format";
import type { Entry } from "./queries";

/** A part of a sentence: words, or what something is about, which leads there. */
export type Part =
  string | { job: string; label: string } | { contact: string; label: string } | { user: string };

/** What there is to filter by: each action, as a sentence would begin that has no names in it. */
export const ACTIONS: Record<string, string> = {
  "job.submitted": "Job submitted",
  "job.prepared": "Job prepared",
  "job.paused": "Job paused",
  "job.resumed": "Job resumed",
  "job.canceled": "Job canceled",
  "job.retried": "Job retried",
  "job.undone": "Job undone",
  "user.changed": "User changed",
  "contact.merged": "Contact merged",
  "session.started": "Signed in",
  "session.ended": "Session ended",
  "session.replayed": "Session token replayed",
  "login.failed": "Sign-in refused",
};

const JOB_VERBS: Record<string, string> = {
  "job.paused": "paused",
  "job.resumed": "resumed",
  "job.canceled": "canceled",
};

/** Say what an entry records: "ada canceled a job with 4,191 left". */
export function sentenceOf(entry: Entry): Part[] {
  const { action, subjectId, items, details } = entry;
  const actor: Part = entry.actorId === null ? "Nobody known" : { user: entry.actorId };
  const subject: Part = subjectId === null ? "an unknown name" : { user: subjectId };
  const job: Part = subjectId === null ? "a job" : { job: subjectId, label: "a job" };
  const verb = JOB_VERBS[action];
  if (verb)
    return [actor, verb, job, items === null ? "" : `with ${counted(items, "ticket")} left`].filter(Boolean);
  switch (action) {
    case "job.submitted":
      return [actor, "submitted", job, "to", purposeOf(details.type, items)];
    case "job.prepared":
      return ["The tickets of", job, "of", actor, `were chosen: ${count(items ?? 0)}`];
    case "job.retried":
      return [actor, "retried", job, ...withAnother(details.by)];
    case "job.undone":
      return [actor, "undid", job, ...withAnother(details.by)];
    case "user.changed":
      return [actor, ...changeOf(details, subject)];
    case "contact.merged":
      return [
        actor,
        "merged a contact into",
        ...intoAnother(subjectId),
        `with ${counted(items ?? 0, "ticket")}`,
      ];
    case "session.started":
      return [actor, "signed in"];
    case "session.ended":
      return entry.actorId === subjectId ? [actor, "signed out"] : [actor, "ended a session of", subject];
    case "session.replayed":
      return ["A used session token of", subject, "was presented again, and the session ended"];
    case "login.failed":
      return ["A sign-in was refused for", subject];
    default:
      return [actor, words(action.replace(".", " "))];
  }
}

function purposeOf(type: unknown, items: number | null): string {
  const verb = words(String(type)).replace(/^bulk /, "");
  return `${verb} ${items === null ? "tickets" : counted(items, "ticket")}`;
}

function withAnother(id: unknown): Part[] {
  return typeof id === "string" ? ["with", { job: id, label: "another" }] : [];
}

function intoAnother(id: string | null): Part[] {
  return [id === null ? "another" : { contact: id, label: "another" }];
}

function changeOf({ role, active }: Entry["details"], subject: Part): Part[] {
  const roles = pairOf(role);
  const states = pairOf(active);
  const parts: Part[] = [];
  if (roles) parts.push("made", subject, articled(String(roles[1])));
  if (roles && states) parts.push("and");
  if (states) parts.push(states[1] === true ? "reactivated" : "deactivated", subject);
  return parts.length > 0 ? parts : ["changed", subject];
}

/** Details have what changed as the value before and the one after. */
export function pairOf(detail: unknown): [unknown, unknown] | null {
  return Array.isArray(detail) && detail.length === 2 && detail[0] !== detail[1]
    ? [detail[0], detail[1]]
    : null;
}
