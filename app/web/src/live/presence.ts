import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Socket } from "socket.io-client";
import { cache } from "../api/cache";
import type { Schemas } from "../api/client";
import { Store, useStore } from "../store";
import { refetchIfOlder, type TicketEvent } from "./tickets";

export type Person = Schemas["Person"];

const REPEAT_MS = 2_000; // as long as someone writes, that is said again
const WRITES_MS = 5_000; // who has said nothing for so long has stopped

/** The socket, while it is connected. */
const wire = new Store<Socket | null>(null);

/** Who of the staff has a ticket open, and who of them writes. */
type Presence = { viewers: Person[]; writers: Person[] };

const presenceQuery = (ticketId: string) =>
  queryOptions({
    queryKey: ["presence", ticketId],
    queryFn: (): Presence => ({ viewers: [], writers: [] }),
    initialData: { viewers: [], writers: [] },
    enabled: false,
    staleTime: Infinity,
  });

/** Take note of who has tickets open, and of who writes. */
export function followPresence(socket: Socket): void {
  const stops = new Map<string, ReturnType<typeof setTimeout>>();

  function stopped(ticketId: string, userId: string) {
    clearTimeout(stops.get(ticketId + userId));
    set(ticketId, ({ viewers, writers }) => ({
      viewers,
      writers: writers.filter(({ id }) => id !== userId),
    }));
  }

  socket.on("connect", () => {
    wire.set(socket);
  });
  socket.on("disconnect", () => {
    wire.set(null);
  });
  socket.on("tickets:viewers", ({ ticketId, users }: { ticketId: string; users: Person[] }) => {
    set(ticketId, ({ writers }) => ({ viewers: users, writers }));
  });
  socket.on("tickets:typing", ({ ticketId, user }: { ticketId: string; user: Person }) => {
    stopped(ticketId, user.id);
    set(ticketId, ({ viewers, writers }) => ({ viewers, writers: [...writers, user] }));
    stops.set(ticketId + user.id, setTimeout(stopped, WRITES_MS, ticketId, user.id));
  });
  socket.on("tickets:commented", ({ ticketId, by }: TicketEvent) => {
    if (by) stopped(ticketId, by.id);
  });
}

/** Have a ticket open: others are told so, and every change of it is told here, those of bulk jobs too. */
export function useOpenTicket(ticketId: string): void {
  const socket = useStore(wire);
  useEffect(() => {
    socket?.emit("ticket:subscribe", { ticketId }, ({ ticket }: { ticket?: Schemas["TicketResponse"] }) => {
      if (ticket) refetchIfOlder({ ticketId, version: ticket.version, at: ticket.updatedAt });
    });
    return () => {
      if (socket?.connected) socket.emit("ticket:unsubscribe", { ticketId });
      cache.removeQueries({ queryKey: ["presence", ticketId] });
    };
  }, [socket, ticketId]);
}

export function usePresence(ticketId: string): Presence {
  return useQuery(presenceQuery(ticketId)).data;
}

/** Return what to call at each key: others who have the ticket open are told that someone writes. */
export function writing(ticketId: string): () => void {
  let toldAt = 0;
  return () => {
    if (Date.now() - toldAt < REPEAT_MS) return;
    toldAt = Date.now();
    wire.get()?.emit("ticket:typing", { ticketId });
  };
}

function set(ticketId: string, change: (old: Presence) => Presence): void {
  cache.setQueryData(presenceQuery(ticketId).queryKey, (old) => old && change(old));
}
