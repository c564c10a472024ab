import type { Ticket } from "./queries";
import { STATUSES, type Status } from "./search";
import arrows from "./arrows.json"; // those of app/tickets/status.py, which a test of the API holds this file against

/** Return what a ticket's status can become. One that was merged stays closed. */
export function targetsOf({ status, mergedInto }: Pick<Ticket, "status" | "mergedInto">): Status[] {
  if (mergedInto !== null) return [];
  return STATUSES.filter((target) => arrows[status].includes(target));
}

/** Return what to choose a status from: the one that there is, those that it can become, and the one that is chosen. */
export function choicesOf(ticket: Pick<Ticket, "status" | "mergedInto">, chosen: Status): Status[] {
  const offered = [ticket.status, ...targetsOf(ticket), chosen];
  return STATUSES.filter((status) => offered.includes(status));
}
