import { expect, test } from "vitest";
import { choicesOf, targetsOf } from "./statuses";

const RESOLVED = { type: "general", status: "resolved", mergedInto: null } as const;

test("only what an arrow leads to is offered", () => {
  expect(targetsOf(RESOLVED)).toEqual(["open", "in_progress", "closed"]);
  expect(targetsOf({ ...RESOLVED, status: "closed" })).toEqual(["open"]);
  expect(targetsOf({ ...RESOLVED, type: "cable", status: "pending_approval" })).toEqual([
    "approved",
    "rejected",
  ]);
});

test("a ticket that was merged stays closed", () => {
  expect(targetsOf({ ...RESOLVED, status: "closed", mergedInto: "survivor" })).toEqual([]);
});

test("what was chosen stays to be seen, though someone else has changed the ticket meanwhile", () => {
  expect(choicesOf(RESOLVED, "resolved")).toEqual(["open", "in_progress", "resolved", "closed"]);
  expect(choicesOf(RESOLVED, "pending")).toContain("pending");
});
