import { Store } from "../store";

export type Connection = { isLive: boolean; lastSeen: Date | null };

const GRACE_MS = 1_000; // a socket that is back sooner, as after each renewal of the token, was never away

/** Whether the socket is connected, as far as people need to know. */
export const connection = new Store<Connection>({ isLive: true, lastSeen: null });

let timer: ReturnType<typeof setTimeout> | undefined;

export function connected(): void {
  clearTimeout(timer);
  timer = undefined;
  connection.set({ isLive: true, lastSeen: null });
}

export function disconnected(): void {
  const lastSeen = new Date();
  timer ??= setTimeout(() => {
    connection.set({ isLive: false, lastSeen });
  }, GRACE_MS);
}
