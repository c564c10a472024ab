import { expect, test } from "vitest";
import { retryableOf, stepsOf } from "./steps";

const ended = { status: "completed" as const, undoable: true, retriedBy: null };

test("the step that is most likely wanted comes first", () => {
  expect(stepsOf({ ...ended, status: "running" }, 0)).toEqual(["pause", "cancel"]);
  expect(stepsOf({ ...ended, status: "paused" }, 9)).toEqual(["resume", "cancel"]);
  expect(stepsOf({ ...ended, status: "queued" }, 0)).toEqual(["cancel"]);
  expect(stepsOf(ended, 0)).toEqual(["undo"]);
  expect(stepsOf(ended, 12)).toEqual(["retry", "undo"]);
  expect(stepsOf({ ...ended, retriedBy: "b" }, 12)).toEqual(["undo"]);
  expect(stepsOf({ ...ended, undoable: false }, 0)).toEqual([]);
});

test("a retry takes on what is left, and what failed in a way that may pass", () => {
  const code = (name: string, count: number) => ({
    result: "failed" as const,
    code: name,
    message: null,
    count,
  });
  const codes = [code("already_deleted", 27), code("error", 12)];
  const summary = {
    jobId: "a",
    status: "canceled" as const,
    total: 50,
    succeeded: 1,
    failed: 39,
    unprocessed: 10,
    codes,
  };
  const known = { type: "bulk-delete", description: "", schema: {}, undoable: true };
  const retryable = { code: "error", message: "", result: "failed" as const, retryable: true };
  expect(retryableOf(summary, [{ ...known, codes: [retryable] }], "bulk-delete")).toBe(22);
  expect(retryableOf(summary, [], "bulk-undo")).toBe(22);
});
