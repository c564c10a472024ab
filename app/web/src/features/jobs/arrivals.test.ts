import { expect, test } from "vitest";
import { arrivals } from "./arrivals";
import type { Job, JobPage } from "./queries";

const job = (id: string, more: Partial<Job> = {}) =>
  ({ id, type: "bulk-delete", status: "running", requestedBy: "ada", runAt: null, ...more }) as Job;

const page = (ids: string[], limit = 20) =>
  ({ jobs: ids.map((id) => job(id)), pagination: { limit } }) as JobPage;

const idsOf = (jobs: Job[]) => jobs.map(({ id }) => id);

test("jobs that belong to the list, but were not there when it was fetched, have arrived", () => {
  const recent = [
    job("e"),
    job("d", { status: "completed" }),
    job("c", { type: "bulk-undo" }),
    job("b"),
    job("a"),
  ];
  expect(idsOf(arrivals(recent, page(["b"]), {}))).toEqual(["e", "c", "a"]);
  expect(idsOf(arrivals(recent, page(["b"]), { type: "bulk-delete" }))).toEqual(["e", "a"]);
  expect(idsOf(arrivals(recent, page([]), { tab: "ended" }))).toEqual(["d"]);
  expect(idsOf(arrivals(recent, page([]), { requestedBy: "grace" }))).toEqual([]);
});

test("of a full page, only what stands above its end", () => {
  expect(idsOf(arrivals([job("c"), job("a")], page(["b"], 1), {}))).toEqual(["c"]);
});

test("a job that waits for its time is on the list of those alone", () => {
  const later = job("c", { status: "queued", runAt: new Date(Date.now() + 60_000).toISOString() });
  expect(arrivals([later], page([]), {})).toEqual([]);
  expect(idsOf(arrivals([later], page([]), { tab: "scheduled" }))).toEqual(["c"]);
});
