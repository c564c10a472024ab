/** Where single things are, for those who know no more of them than an id. */
export function jobAddress(id: string): string {
  return `/jobs/${id}`;
}

export function ticketAddress(id: string): string {
  return `/tickets/${id}`;
}

export function newTicketAddress(): string {
  return "/tickets/new";
}
