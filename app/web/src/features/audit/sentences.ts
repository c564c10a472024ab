import { articled, count, counted, words } from "../../ui/format";
import type { Entry } from "./queries";

/** A part of a sentence: words, or what something is about, which leads there. */
export type Part =
  | string
  | { job: string; label: string }
  | { ticket: string; label: string }
  | { contact: string; label: string }
  | { user: string };

type Action = Entry["action"];

/** What there is to filter by: each action, as a sentence would begin that has no names in it. */
export const ACTIONS: Readonly<Record<string, string>> = {
  "job.submitted": "Job submitted",
  "job.prepared": "Job prepared",
  "job.paused": "Job paused",
  "job.resumed": "Job resumed",
  "job.canceled": "Job canceled",
  "job.retried": "Job retried",
  "job.undone": "Job undone",
  "ticket.breached": "Deadline missed",
  "ticket.approved": "Ticket approved",
  "ticket.rejected": "Ticket rejected",
  "contact.merged": "Contacts merged",
  "sla_policy.created": "Policy created",
  "sla_policy.changed": "Policy changed",
  "sla_policy.deleted": "Policy deleted",
  "calendar.created": "Calendar created",
  "calendar.changed": "Calendar changed",
  "calendar.deleted": "Calendar deleted",
  "webhook.created": "Webhook added",
  "webhook.changed": "Webhook changed",
  "webhook.deleted": "Webhook deleted",
  "webhook.rotated": "Webhook secret changed",
  "webhook.disabled": "Webhook disabled",
  "inventory.changed": "Low stock level changed",
  "inventory.low": "Stock low",
  "optics_parts.changed": "Optics parts changed",
  "user.registered": "User registered",
  "user.created": "User created",
  "user.changed": "User changed",
  "user.erased": "User erased",
  "password.changed": "Password changed",
  "password_reset.issued": "Password link made",
  "password_reset.used": "Password link used",
  "session.started": "Signed in",
  "session.ended": "Session ended",
  "session.replayed": "Session token replayed",
  "login.failed": "Sign-in refused",
} satisfies Record<Action, string>;

type Tell = (entry: Entry, actor: Part) => Part[];

const SENTENCES: Readonly<Record<string, Tell>> = {
  "job.submitted": (entry, actor) => [
    actor,
    "submitted",
    jobOf(entry),
    "to",
    purposeOf(entry.details.type, entry.items),
  ],
  "job.prepared": (entry, actor) => [
    "The tickets of",
    jobOf(entry),
    "of",
    actor,
    `were chosen: ${count(entry.items ?? 0)}`,
  ],
  "job.paused": (entry, actor) => [actor, "paused", jobOf(entry), ...leftOf(entry)],
  "job.resumed": (entry, actor) => [actor, "resumed", jobOf(entry), ...leftOf(entry)],
  "job.canceled": (entry, actor) => [actor, "canceled", jobOf(entry), ...leftOf(entry)],
  "job.retried": (entry, actor) => [actor, "retried", jobOf(entry), ...withAnother(entry.details.by)],
  "job.undone": (entry, actor) => [actor, "undid", jobOf(entry), ...withAnother(entry.details.by)],
  "ticket.breached": (entry) => ["The deadline of", ticketOf(entry), "passed"],
  "ticket.approved": (entry, actor) => [actor, "approved", ticketOf(entry), ...byLink(entry)],
  "ticket.rejected": (entry, actor) => [actor, "rejected", ticketOf(entry), ...byLink(entry)],
  "contact.merged": ({ subjectId, items }, actor) => [
    actor,
    "merged a contact into",
    subjectId === null ? "another" : { contact: subjectId, label: "another" },
    `with ${counted(items ?? 0, "ticket")}`,
  ],
  "sla_policy.created": (entry, actor) => [actor, `added ${named("policy", entry.details.name)}`],
  "sla_policy.changed": (entry, actor) => [actor, `changed ${named("policy", entry.details.name)}`],
  "sla_policy.deleted": (entry, actor) => [actor, `deleted ${named("policy", entry.details.name)}`],
  "calendar.created": (entry, actor) => [actor, `added ${named("calendar", entry.details.name)}`],
  "calendar.changed": (entry, actor) => [actor, `changed ${named("calendar", entry.details.name)}`],
  "calendar.deleted": (entry, actor) => [actor, `deleted ${named("calendar", entry.details.name)}`],
  "webhook.created": (entry, actor) => [actor, `added ${named("webhook", entry.details.url)}`],
  "webhook.changed": (entry, actor) => [actor, `changed ${named("webhook", entry.details.url)}`],
  "webhook.deleted": (entry, actor) => [actor, `deleted ${named("webhook", entry.details.url)}`],
  "webhook.rotated": (entry, actor) => [
    actor,
    `changed the secret of ${named("webhook", entry.details.url)}`,
  ],
  "webhook.disabled": (entry) => [
    `Nothing is sent to ${named("webhook", entry.details.url)} any more:`,
    entry.reason === "gone" ? "it answered that it is gone" : "for days nothing could be delivered",
  ],
  "inventory.changed": (entry, actor) => [actor, `changed when the ${stockOf(entry)} is low`],
  "inventory.low": (entry) => [`The ${stockOf(entry)} is low: ${count(Number(entry.details.onHand))} left`],
  "optics_parts.changed": ({ items }, actor) => [
    actor,
    `changed the list of optics to ${counted(items ?? 0, "part")}`,
  ],
  "user.registered": (_, actor) => [actor, "registered"],
  "user.created": (entry, actor) => [actor, "added", userOf(entry), ...asRole(entry.details.role)],
  "user.changed": (entry, actor) => [actor, ...changeOf(entry.details, userOf(entry))],
  "user.erased": (entry, actor) => [actor, "erased", userOf(entry)],
  "password.changed": (entry, actor) =>
    entry.actorId === entry.subjectId
      ? [actor, "changed their password"]
      : [actor, "changed the password of", userOf(entry)],
  "password_reset.issued": (entry, actor) => [actor, "made a password link for", userOf(entry)],
  "password_reset.used": (_, actor) => [actor, "chose a password with a link"],
  "session.started": (_, actor) => [actor, "signed in"],
  "session.ended": (entry, actor) =>
    entry.actorId === entry.subjectId ? [actor, "signed out"] : [actor, "ended a session of", userOf(entry)],
  "session.replayed": (entry) => [
    "A used session token of",
    userOf(entry),
    "was presented again, and the session ended",
  ],
  "login.failed": (entry) => ["A sign-in was refused for", userOf(entry)],
} satisfies Record<Action, Tell>;

/** Say what an entry records: "ada canceled a job with 4,191 left". */
export function sentenceOf(entry: Entry): Part[] {
  const actor: Part = entry.actorId === null ? nobodyKnown(entry) : { user: entry.actorId };
  const tell = SENTENCES[entry.action]; // a newer server may have more of them
  return tell ? tell(entry, actor) : [actor, words(entry.action.replace(".", " "))];
}

/** Say who acts without an account: whoever may run commands on the servers, for one. */
function nobodyKnown({ address }: Entry): string {
  return address === "manage.sh" ? "The operator" : "Nobody known";
}

function userOf({ subjectId }: Entry): Part {
  return subjectId === null ? "an unknown name" : { user: subjectId };
}

function ticketOf({ subjectId }: Entry): Part {
  return subjectId === null ? "a ticket" : { ticket: subjectId, label: "a ticket" };
}

function byLink({ details }: Entry): Part[] {
  return details.byLink === true ? ["with a link"] : [];
}

function jobOf({ subjectId }: Entry): Part {
  return subjectId === null ? "a job" : { job: subjectId, label: "a job" };
}

function leftOf({ items }: Entry): Part[] {
  return items === null ? [] : [`with ${counted(items, "ticket")} left`];
}

function named(kind: string, name: unknown): string {
  return typeof name === "string" ? `the ${kind} “${name}”` : `a ${kind}`;
}

function stockOf({ details: { name } }: Entry): string {
  return typeof name === "string" ? `stock of “${name}”` : "stock of a cable";
}

function asRole(role: unknown): Part[] {
  return typeof role === "string" ? [`as ${articled(role)}`] : [];
}

function purposeOf(type: unknown, items: number | null): string {
  const verb = words(String(type)).replace(/^bulk /, "");
  return `${verb} ${items === null ? "tickets" : counted(items, "ticket")}`;
}

function withAnother(id: unknown): Part[] {
  return typeof id === "string" ? ["with", { job: id, label: "another" }] : [];
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
