import type { Ticket } from "../queries";

export const FIELDS = [
  "title",
  "description",
  "status",
  "priority",
  "assigneeId",
  "contactId",
  "tags",
] as const;
export type Field = (typeof FIELDS)[number];

/** What of a ticket can be edited. */
export type Values = Pick<Ticket, Field>;

export function valuesOf(ticket: Values): Values {
  const { title, description, status, priority, assigneeId, contactId, tags } = ticket;
  return { title, description, status, priority, assigneeId, contactId, tags };
}

/** Return which fields differ. Tags are a set: their order says nothing. */
export function differing(one: Values, other: Values): Field[] {
  return FIELDS.filter((field) => textOf(one[field]) !== textOf(other[field]));
}

/** Return the new values of those fields that were edited, and of no others. */
export function changesOf(before: Values, edited: Values): Partial<Values> {
  return Object.fromEntries(differing(before, edited).map((field) => [field, edited[field]]));
}

function textOf(value: Values[Field]): string {
  return JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
}
