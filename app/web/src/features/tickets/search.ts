import type { Schemas } from "../../api/client";
import type { operations } from "../../../client/src/schema.d.ts";
import { pageOf, someOf, textOf, texts, type RawSearch } from "../../search";

export type Status = Schemas["TicketResponse"]["status"];
export type Priority = Schemas["TicketResponse"]["priority"];

export type Sort = NonNullable<NonNullable<operations["listTickets"]["parameters"]["query"]>["sort"]>;

export const STATUSES: readonly Status[] = [
  "open",
  "pending_approval",
  "approved",
  "in_progress",
  "pending",
  "resolved",
  "fulfilled",
  "rejected",
  "closed",
];
export const UNSOLVED: Status[] = ["open", "pending_approval", "approved", "in_progress", "pending"];
export const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

export type Type = NonNullable<Schemas["CreateTicket"]["type"]>;
export const TYPES: readonly Type[] = ["general", "cable", "optics"];

export type Sla = Exclude<NonNullable<Schemas["SavedFilter"]["sla"]>, unknown[]>;
export const SLAS: readonly Sla[] = ["breached", "at_risk", "ok"];

export const MAX_TEXT_LENGTH = 255; // as the API has it

export type ListColumn = NonNullable<Schemas["ViewResponse"]["columns"]>[number];
export const LIST_COLUMNS: readonly ListColumn[] = [
  "number",
  "title",
  "status",
  "priority",
  "assignee",
  "requester",
  "contact",
  "tags",
  "due",
  "created",
  "updated",
];

export const SORTS: readonly Sort[] = ["relevance", "-created", "created", "-updated", "updated"];

/** Fields that tickets have by their type; in an address their names begin as those of parameters do. */
type Fields = NonNullable<Schemas["SavedFilter"]["fields"]>;
const FIELD = "fields.";
type Sought = { [F in keyof Fields as `fields.${F}`]: Fields[F] };

type NumberNames = { [N in keyof Sought]-?: number extends Sought[N] ? N : never }[keyof Sought];
const NUMBERS: Record<NumberNames, true> = { "fields.quantity": true }; // the others are texts

/** What the address of a list of tickets says: the parameters of GET /api/tickets, by their names, and what is shown. */
export type TicketSearch = Wanted & Sought & { sort?: Sort; page?: number; columns?: ListColumn[] };

/** What a bulk job, a saved view and a list of tickets have in common. */
export type Filter = Wanted & { fields?: Fields };

type Wanted = {
  status?: Status[];
  type?: Type[];
  priority?: Priority[];
  assigneeId?: string[];
  requesterId?: string[];
  contactId?: string[];
  tags?: string[];
  sla?: Sla[];
  text?: string;
  createdAfter?: string;
  createdBefore?: string;
  updatedAfter?: string;
  updatedBefore?: string;
};

/** Read an address; what makes no sense in it is left out. */
export function ticketSearch(raw: RawSearch): TicketSearch {
  const text = textOf(raw.text);
  return {
    status: someOf(STATUSES, raw.status),
    type: someOf(TYPES, raw.type),
    priority: someOf(PRIORITIES, raw.priority),
    assigneeId: someTexts(raw.assigneeId),
    requesterId: someTexts(raw.requesterId),
    contactId: someTexts(raw.contactId),
    tags: someTexts(raw.tags),
    sla: someOf(SLAS, raw.sla),
    text,
    createdAfter: timeOf(raw.createdAfter),
    createdBefore: timeOf(raw.createdBefore),
    updatedAfter: timeOf(raw.updatedAfter),
    updatedBefore: timeOf(raw.updatedBefore),
    ...fieldsIn(raw),
    sort: sortOf(raw.sort, text),
    page: pageOf(raw.page),
    columns: someOf(LIST_COLUMNS, raw.columns),
  };
}

/** Return what a search looks for, without the order, the page and what is shown. */
export function filterOf({ sort, page, columns, ...search }: TicketSearch): Filter {
  const wanted: [string, unknown][] = Object.entries(defined(search));
  const fields = wanted.filter(([name]) => name.startsWith(FIELD));
  const filter: Filter = Object.fromEntries(wanted.filter(([name]) => !name.startsWith(FIELD)));
  if (fields.length === 0) return filter;
  return {
    ...filter,
    fields: Object.fromEntries(fields.map(([name, value]) => [name.slice(FIELD.length), value])),
  };
}

/** Return the fields that a filter is about, by their names in an address. */
export function inAddress(fields: Fields = {}): Sought {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [FIELD + name, value]));
}

export function isFiltered(search: TicketSearch): boolean {
  return Object.keys(filterOf(search)).length > 0;
}

/** Return the fields that have a value. */
export function defined<T extends object>(fields: T): Partial<T> {
  const some = Object.entries(fields).filter(([, value]: [string, unknown]) => value !== undefined);
  return Object.fromEntries(some) as Partial<T>;
}

/** Return the order of a list that says none, as the API has it. */
export function usualSort(text: string | undefined): Sort {
  return text === undefined ? "-created" : "relevance";
}

/** Return an order as an address has it: the usual one goes without saying. */
export function sortOf(raw: unknown, text: string | undefined): Sort | undefined {
  const sort = someOf(SORTS, raw)?.[0];
  return sort === usualSort(text) ? undefined : sort;
}

/** Return what is sought in fields, of which the API knows which there are. */
function fieldsIn(raw: RawSearch): Partial<TicketSearch> {
  const names = Object.keys(raw).filter((name) => name.startsWith(FIELD));
  const read = (name: string) => (name in NUMBERS ? wholeOf(raw[name]) : textOf(raw[name]));
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}

function wholeOf(raw: unknown): number | undefined {
  const number = Number(typeof raw === "number" ? raw : textOf(raw));
  return Number.isSafeInteger(number) ? number : undefined;
}

function timeOf(raw: unknown): string | undefined {
  const text = textOf(raw);
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

function someTexts(raw: unknown): string[] | undefined {
  const given = texts(raw);
  return given.length > 0 ? given : undefined;
}
