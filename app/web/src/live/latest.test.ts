import { expect, test } from "vitest";
import type { JobEvent } from "../../client/src/events.ts";
import { changesOfStatus, inMotion, newest, withEvents } from "./latest";

function event(seq: number, more: Partial<JobEvent> = {}): JobEvent {
  return {
    jobId: "a",
    parentJobId: null,
    type: "bulk-delete",
    status: "running",
    progress: 0,
    total: 10,
    processed: seq,
    succeeded: seq,
    failed: 0,
    unprocessed: 10 - seq,
    seq,
    at: "2026-11-27T00:00:00Z",
    ratePerSecond: null,
    etaSeconds: null,
    ...more,
  };
}

test("the newest of a job's events stays, in whatever order they come", () => {
  expect(withEvents({}, [event(3), event(1), event(2)]).a?.seq).toBe(3);
  expect(withEvents({ a: event(3) }, [event(2)]).a?.seq).toBe(3);
});

test("events that say nothing new leave the cache as it is, so that nothing renders", () => {
  const latest = { a: event(3) };
  expect(withEvents(latest, [event(3), event(2)])).toBe(latest);
});

test("a job shows its last event's figures, but never goes backwards", () => {
  const job = { ...event(5), id: "a", updatedAt: "2026-11-26T00:00:00Z", reason: "Spam" };
  expect(newest(job, event(7))).toMatchObject({
    processed: 7,
    seq: 7,
    reason: "Spam",
    updatedAt: event(7).at,
  });
  expect(newest(job, event(4))).toBe(job);
  expect(newest(job, event(5))).toBe(job);
  expect(newest(job, undefined)).toBe(job);
});

test("what is kept is bounded, but jobs in motion always are", () => {
  const ended = Array.from({ length: 600 }, (_, index) =>
    event(1, { jobId: `b${String(index).padStart(4, "0")}`, status: "completed" }),
  );
  const kept = Object.keys(withEvents({}, [event(1), ...ended])).sort();
  expect(kept).toHaveLength(501);
  expect(kept[0]).toBe("a");
  expect(kept.at(-1)).toBe("b0599");
});

test("a change of status is told of once", () => {
  const before = withEvents({}, [event(1)]);
  const after = withEvents(before, [event(2), event(1, { jobId: "b" })]);
  expect(changesOfStatus(before, after).map(({ jobId }) => jobId)).toEqual(["b"]);
  const ended = withEvents(after, [event(3, { status: "completed" })]);
  expect(changesOfStatus(after, ended).map(({ jobId }) => jobId)).toEqual(["a"]);
});

test("in motion is what has not ended, but for what waits for its time, or may do so for all that is known", () => {
  const job = (id: string, more: Partial<Parameters<typeof inMotion>[0][number]>) =>
    ({ ...event(1), id, updatedAt: "2026-11-27T00:00:00Z", runAt: null, ...more }) as Parameters<
      typeof inMotion
    >[0][number];
  const runAt = new Date(Date.now() + 60_000).toISOString();
  const recent = [job("a", {}), job("b", { status: "queued" }), job("c", { status: "queued", runAt })];
  const unheardOf = [event(1, { jobId: "d" }), event(1, { jobId: "e", status: "queued" })];
  const latest = withEvents({}, [event(2, { jobId: "c", status: "queued" }), ...unheardOf]);
  expect(inMotion(recent, latest).map(({ jobId }) => jobId)).toEqual(["d", "b", "a"]);
});
