import type { RawSearch } from "../../search";
import { ticketSearch, type TicketSearch } from "../tickets/search";

/** As the address of the list of tickets, of those that are deleted. */
export function trashSearch(raw: RawSearch): TicketSearch {
  const { status, priority, text, page } = ticketSearch(raw);
  return { status, priority, text, page };
}
