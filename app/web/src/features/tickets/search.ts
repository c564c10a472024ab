import type { Schemas } from "../../api/client";
import { pageOf, someOf, textOf, texts, type RawSearch } from "../../search";

export type Status = Schemas["TicketResponse"]["status"];
export type Priority = Schemas["TicketResponse"]["priority"];

export const STATUSES: readonly Status[] = ["open", "in_progress", "resolved", "closed"];
export const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** What the address of a list of tickets says: the parameters of GET /api/tickets, by their names. */
export type TicketSearch = {
  status?: Status[];
  priority?: Priority[];
  assigneeId?: string[];
  requesterId?: string[];
  tags?: string[];
  text?: string;
  createdAfter?: string;
  createdBefore?: string;
  updatedAfter?: string;
  updatedBefore?: string;
  view?: string;
  page?: number;
};

/** Read an address; what makes no sense in it is left out. */
export function ticketSearch(raw: RawSearch): TicketSearch {
  return {
    status: someOf(STATUSES, raw.status),
    priority: someOf(PRIORITIES, raw.priority),
    assigneeId: someTexts(raw.assigneeId),
    requesterId: someTexts(raw.requesterId),
    tags: someTexts(raw.tags),
    text: textOf(raw.text),
    createdAfter: textOf(raw.createdAfter),
    createdBefore: textOf(raw.createdBefore),
    updatedAfter: textOf(raw.updatedAfter),
    updatedBefore: textOf(raw.updatedBefore),
    view: textOf(raw.view),
    page: pageOf(raw.page),
  };
}

function someTexts(raw: unknown): string[] | undefined {
  const given = texts(raw);
  return given.length > 0 ? given : undefined;
}
