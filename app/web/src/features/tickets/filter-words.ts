import type { Schemas } from "../../api/client";
import { exactDay, words } from "../../ui/format";
import { fieldWords } from "./field-words";

type Filter = Schemas["SavedFilter"];

/** Who is meant without an id. */
export const WHOEVER = { me: "me", none: "nobody" };

/** How near a ticket's deadline is. */
export const LATENESS = { breached: "late", at_risk: "due within an hour", ok: "due later" };

/** Say what a filter lets through, a phrase for each of its fields: "status is open or in progress". */
export function filterWords(filter: Filter, nameOf: (userId: string) => string): string[] {
  const { text, createdAfter, createdBefore, updatedAfter, updatedBefore } = filter;
  const person = (id: string) => (id === "me" || id === "none" ? WHOEVER[id] : nameOf(id));
  return [
    either("status", filter.status, words),
    either("type", filter.type, words),
    either("priority", filter.priority, words),
    either("assignee", filter.assigneeId, person),
    either("requester", filter.requesterId, person),
    either("contact", filter.contactId, (id) => id.slice(0, 8)),
    either("tag", filter.tags, String),
    either("it", filter.sla, (sla) => LATENESS[sla]),
    ...Object.entries(filter.fields ?? {}).map(([name, value]) => `${fieldWords(name)} is ${value}`),
    text !== undefined && `its text has “${text}”`,
    createdAfter !== undefined && `created since ${exactDay(createdAfter)}`,
    createdBefore !== undefined && `created before ${exactDay(createdBefore)}`,
    updatedAfter !== undefined && `updated since ${exactDay(updatedAfter)}`,
    updatedBefore !== undefined && `updated before ${exactDay(updatedBefore)}`,
  ].filter((phrase) => phrase !== false);
}

function either<T extends string>(
  field: string,
  wanted: T | T[] | undefined,
  wordOf: (value: T) => string,
): string | false {
  if (wanted === undefined) return false;
  const values = Array.isArray(wanted) ? wanted : [wanted];
  return `${field} is ${values.map(wordOf).join(" or ")}`;
}
