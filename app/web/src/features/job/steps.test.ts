import { expect, test } from "vitest";
import { mayRetry, stepsOf } from "./steps";

const ended = { status: "completed" as const, undoable: true, retriedBy: null };

test("the step that is most likely wanted comes first", () => {
  expect(stepsOf({ ...ended, status: "running" }, false)).toEqual(["pause", "cancel"]);
  expect(stepsOf({ ...ended, status: "paused" }, true)).toEqual(["resume", "cancel"]);
  expect(stepsOf({ ...ended, status: "queued" }, false)).toEqual(["cancel"]);
  expect(stepsOf(ended, false)).toEqual(["undo"]);
  expect(stepsOf(ended, true)).toEqual(["retry", "undo"]);
  expect(stepsOf({ ...ended, retriedBy: "b" }, true)).toEqual(["undo"]);
  expect(stepsOf({ ...ended, undoable: false }, false)).toEqual([]);
});

test("a retry takes on what is left, and what failed in a way that may pass", () => {
  const failed = (code: string) => ({ result: "failed" as const, code, message: null, count: 27 });
  const summary = {
    jobId: "a",
    status: "completed" as const,
    total: 50,
    succeeded: 23,
    failed: 27,
    unprocessed: 0,
  };
  const retryable = { code: "error", message: "", result: "failed" as const, retryable: true };
  const types = [{ type: "bulk-delete", description: "", schema: {}, undoable: true, codes: [retryable] }];

  for (const type of ["bulk-delete", "bulk-undo"]) {
    expect(mayRetry({ ...summary, codes: [failed("already_deleted")] }, types, type)).toBe(false);
    expect(mayRetry({ ...summary, codes: [failed("already_deleted"), failed("error")] }, types, type)).toBe(
      true,
    );
    expect(mayRetry({ ...summary, codes: [], unprocessed: 10 }, types, type)).toBe(true);
    expect(mayRetry({ ...summary, codes: [], total: null }, types, type)).toBe(true);
  }
  expect(mayRetry({ ...summary, codes: [], unprocessed: 10 }, types, "bulk-retired")).toBe(false);
});
