import type { Socket } from "socket.io-client";
import { cache } from "../api/cache";
import type { Schemas } from "../api/client";

/** What became of a ticket: enough to know what to read again. */
export type TicketEvent = { ticketId: string; version: number; at: string; by: Schemas["Person"] | null };

const OF_A_VERSION = ["tickets:created", "tickets:updated", "tickets:deleted"] as const;

/** Read again what others change: a ticket that is shown, at once; lists say that they are old, as rows do not move by themselves. */
export function followTickets(socket: Socket): void {
  for (const name of OF_A_VERSION) socket.on(name, refetchIfOlder);
  socket.on("tickets:breached", refetch);
  socket.on("tickets:commented", (event: TicketEvent) => {
    void cache.invalidateQueries({ queryKey: ["comments", event.ticketId] });
    refetch(event); // an answer moves the deadline
  });
  socket.on("tickets:changed", ({ at }: { at: string }) => {
    outdateLists(Date.parse(at));
  });
}

/** Read again what may have been missed while there was no socket. */
export function refetchTickets(): void {
  void cache.invalidateQueries({ queryKey: ["comments"] });
  void cache.invalidateQueries({ queryKey: ["tickets", "one"] });
}

/** Mark lists that are older than a change as such. */
export function outdateLists(at: number): void {
  void cache.invalidateQueries({
    queryKey: ["tickets"],
    predicate: (query) => query.state.dataUpdatedAt < at,
    refetchType: "none",
  });
}

/** Read a ticket again, unless what is shown of it is as new. */
export function refetchIfOlder(event: Omit<TicketEvent, "by">): void {
  const known = cache.getQueryData<Schemas["TicketResponse"]>(["tickets", "one", event.ticketId]);
  if (!known || known.version < event.version) refetch(event);
}

function refetch({ ticketId, at }: Pick<TicketEvent, "ticketId" | "at">): void {
  outdateLists(Date.parse(at));
  void cache.invalidateQueries({ queryKey: ["tickets", "one", ticketId] });
  void cache.invalidateQueries({ queryKey: ["history", ticketId] });
}
