import type { Schemas } from "../../api/client";
import { exactDay, words } from "../../ui/format";

type Filter = Schemas["SavedFilter"];

const WHOEVER: Readonly<Record<string, string>> = { me: "me", none: "nobody" };

/** How near a ticket's deadline is. */
export const LATENESS = { breached: "late", at_risk: "due within an hour", ok: "due later" };

/** Say what a filter lets through, a phrase for each of its fields: "status is open or in progress". */
export function filterWords(filter: Filter, nameOf: (userId: string) => string): string[] {
  const { text, createdAfter, createdBefore, updatedAfter, updatedBefore } = filter;
  const person = (id: string) => WHOEVER[id] ?? nameOf(id);
  return [
    either("status", filter.status, words),
    either("priority", filter.priority, words),
    either("assignee", filter.assigneeId, person),
    either("requester", filter.requesterId, person),
    either("contact", filter.contactId, (id) => id.slice(0, 8)),
    either("tag", filter.tags, String),
    filter.sla !== undefined && `it is ${LATENESS[filter.sla]}`,
    text !== undefined && `its text has “${text}”`,
    createdAfter !== undefined && `created since ${exactDay(createdAfter)}`,
    createdBefore !== undefined && `created before ${exactDay(createdBefore)}`,
    updatedAfter !== undefined && `updated since ${exactDay(updatedAfter)}`,
    updatedBefore !== undefined && `updated before ${exactDay(updatedBefore)}`,
  ].filter((phrase) => phrase !== false);
}

function either(
  field: string,
  wanted: string | string[] | undefined,
  wordOf: (value: string) => string,
): string | false {
  if (wanted === undefined) return false;
  const values = typeof wanted === "string" ? [wanted] : wanted;
  return `${field} is ${values.map(wordOf).join(" or ")}`;
}
