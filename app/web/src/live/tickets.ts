import type { Socket } from "socket.io-client";
import { cache } from "../api/cache";
import type { Schemas } from "../api/client";

/** What became of a ticket: enough to know what to read again. */
type TicketEvent = { ticketId: string; version: number; at: string };

const OF_A_TICKET = ["tickets:created", "tickets:updated", "tickets:deleted", "tickets:breached"] as const;

/** Read again what others change: a ticket that is shown, at once; lists say that they are old, as rows do not move by themselves. */
export function followTickets(socket: Socket): void {
  for (const name of OF_A_TICKET) socket.on(name, changed);
  socket.on("tickets:commented", ({ ticketId }: TicketEvent) => {
    refetchWhatWasSaid(ticketId);
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

function changed({ ticketId, version, at }: TicketEvent): void {
  const key = ["tickets", "one", ticketId];
  const known = cache.getQueryData<Schemas["TicketResponse"]>(key);
  if (known && known.version >= version) return;
  outdateLists(Date.parse(at));
  void cache.invalidateQueries({ queryKey: key });
  void cache.invalidateQueries({ queryKey: ["history", ticketId] });
}

function refetchWhatWasSaid(ticketId: string): void {
  void cache.invalidateQueries({ queryKey: ["comments", ticketId] });
  void cache.invalidateQueries({ queryKey: ["history", ticketId] });
}
