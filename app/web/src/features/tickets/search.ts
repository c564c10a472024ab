import type { Schemas } from "../../api/client";
import type { operations } from "../../api/schema";
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

/** What the address of a list of tickets says: the parameters of GET /api/tickets, by their names, and what is shown. */
export type TicketSearch = Filter & { sort?: Sort; page?: number; columns?: ListColumn[] };

/** What a bulk job, a saved view and a list of tickets have in common. */
export type Filter = {
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
    sort: sortOf(raw.sort, text),
    page: pageOf(raw.page),
    columns: someOf(LIST_COLUMNS, raw.columns),
  };
}

/** Return what a search looks for, without the order, the page and what is shown. */
export function filterOf({ sort, page, columns, ...filter }: TicketSearch): Filter {
  return defined(filter);
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

function timeOf(raw: unknown): string | undefined {
  const text = textOf(raw);
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

function someTexts(raw: unknown): string[] | undefined {
  const given = texts(raw);
  return given.length > 0 ? given : undefined;
}
