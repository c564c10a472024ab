import type { Ticket } from "./queries";
import { STATUSES, type Status } from "./search";
import arrowsByType from "./arrows.json"; // those of app/tickets/types, which a test of the API holds this file against

const arrows: Record<string, Partial<Record<Status, string[]>>> = arrowsByType;

type Moving = Pick<Ticket, "type" | "status" | "mergedInto">;

/**
 * Return what a ticket's status can become.
 *
 * One that was merged stays closed, what waits for approval is decided on, and what was approved staff carry on.
 */
export function targetsOf({ type, status, mergedInto }: Moving, isStaff: boolean): Status[] {
  if (mergedInto !== null || status === "pending_approval") return [];
  if (!isStaff && arrows[type]?.pending_approval) return [];
  return STATUSES.filter((target) => arrows[type]?.[status]?.includes(target));
}

/** Return what to choose a status from: the one that there is, those that it can become, and the one that is chosen. */
export function choicesOf(ticket: Moving, chosen: Status, isStaff: boolean): Status[] {
  const offered = [ticket.status, ...targetsOf(ticket, isStaff), chosen];
  return STATUSES.filter((status) => offered.includes(status));
}
