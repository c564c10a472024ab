import type { RefetchOptions } from "@tanstack/react-query";
import { io, type Socket } from "socket.io-client";
import { cache } from "../api/cache";
import { seen } from "../api/client";
import { session } from "../api/session";
import { batched } from "./batch";
import { connected, connection, disconnected } from "./connection";
import { isInMotion, JOB_EVENTS, type JobEvent } from "../../client/src/events.ts";
import { changesOfStatus, withEvents } from "./latest";
import { followPresence } from "./presence";
import { latestQuery, recentQuery } from "./queries";
import { followTickets, outdateLists, refetchTickets } from "./tickets";

const POLL_MS = 2_000;
const MERGE_MS = 100; // bars and counts move at most ten times a second

/** Keep the cache up to date by socket, and by polling while there is none; return how to stop that. */
export function goLive(): () => void {
  const socket = io({ transports: ["websocket"], auth: withFreshToken, reconnectionDelayMax: 3_000 });
  const take = batched<JobEvent>(MERGE_MS, merge);
  for (const name of JOB_EVENTS) socket.on(name, take);
  followTickets(socket);
  followPresence(socket);
  socket.onAny(seen.doubt); // before any of the above: what is read after an event is not to be older
  socket.on("connect", () => {
    seen.doubt();
    connected();
    void refetchJobs(); // what was missed, and no event repeats
    refetchTickets();
  });
  socket.on("disconnect", (reason) => {
    disconnected();
    if (reason === "io server disconnect") socket.connect(); // the token ended, or the user's rights changed
  });
  socket.on("connect_error", ({ message }) => {
    disconnected();
    if (!socket.active) refused(socket, message);
  });
  const stopFollowing = session.token.subscribe(() => socket.disconnect().connect());
  const poll = setInterval(() => {
    if (!connection.get().isLive) void refetchJobs({ cancelRefetch: false }); // a slow answer is one, too
  }, POLL_MS);
  return () => {
    stopFollowing();
    clearInterval(poll);
    socket.close();
  };
}

function withFreshToken(handshake: (auth: { token: string }) => void): void {
  session.freshToken().then(
    (token) => {
      handshake({ token });
    },
    () => {
      handshake({ token: "" }); // refused, and then we are back here, a while later
    },
  );
}

/** The server does not take the token, though it looked fresh, or cannot say: ask again, but not at once. */
function refused(socket: Socket, code: string): void {
  const token = session.token.get();
  if (code === "unauthorized" && token !== null) session.refuse(token);
  setTimeout(() => socket.connect(), POLL_MS);
}

function merge(events: JobEvent[]): void {
  const before = cache.getQueryData(latestQuery.queryKey) ?? {};
  const after = withEvents(before, events);
  cache.setQueryData(latestQuery.queryKey, after);
  const changed = changesOfStatus(before, after);
  for (const { jobId, parentJobId } of changed) {
    void cache.invalidateQueries({ queryKey: ["jobs", "one", jobId] });
    if (parentJobId !== null)
      void cache.invalidateQueries({ queryKey: ["jobs", "one", parentJobId], exact: true }); // its links
  }
  if (changed.some(({ jobId }) => !before[jobId])) void cache.invalidateQueries(recentQuery); // one that is new
  outdateLists(Math.max(0, ...changed.filter((event) => !isInMotion(event)).map(({ at }) => Date.parse(at))));
}

function refetchJobs(options?: RefetchOptions): Promise<void> {
  return cache.refetchQueries({ queryKey: ["jobs"], type: "active" }, options);
}
