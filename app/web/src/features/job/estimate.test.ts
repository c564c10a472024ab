import { expect, test } from "vitest";
import { estimateWords, tookWords } from "./estimate";

const job = {
  status: "running" as const,
  etaSeconds: 41.2,
  startedAt: "2026-11-27T12:00:00Z",
  updatedAt: "2026-11-27T12:00:02Z",
};

test("an estimate is given from the third second on, while the job runs", () => {
  expect(estimateWords(job)).toBe("about 41 s left");
  expect(estimateWords({ ...job, etaSeconds: 0.2 })).toBe("about 1 s left");
  expect(estimateWords({ ...job, updatedAt: "2026-11-27T12:00:01.999Z" })).toBeNull();
  expect(estimateWords({ ...job, status: "paused" })).toBeNull();
  expect(estimateWords({ ...job, etaSeconds: null })).toBeNull();
  expect(estimateWords({ ...job, startedAt: null })).toBeNull();
});

test("how long an ended job has taken", () => {
  expect(tookWords({ ...job, finishedAt: "2026-11-27T12:03:20Z" })).toBe("3 min 20 s");
  expect(tookWords({ ...job, finishedAt: "2026-11-27T12:00:00.4Z" })).toBe("less than a second");
  expect(tookWords({ startedAt: null, finishedAt: "2026-11-27T12:00:00Z" })).toBeNull();
});
