import { expect, test } from "vitest";
import { choicesOf, targetsOf } from "./statuses";

const RESOLVED = { type: "general", status: "resolved", mergedInto: null } as const;

test("only what an arrow leads to is offered", () => {
  expect(targetsOf(RESOLVED, false)).toEqual(["open", "in_progress", "closed"]);
  expect(targetsOf({ ...RESOLVED, status: "closed" }, true)).toEqual(["open"]);
});

test("what waits for approval is decided on and not moved, and what was approved is for staff to carry on", () => {
  const cable = { ...RESOLVED, type: "cable" };
  expect(targetsOf({ ...cable, status: "pending_approval" }, true)).toEqual([]);
  expect(targetsOf({ ...cable, status: "approved" }, true)).toEqual(["in_progress"]);
  expect(targetsOf({ ...cable, status: "approved" }, false)).toEqual([]);
});

test("a ticket that was merged stays closed", () => {
  expect(targetsOf({ ...RESOLVED, status: "closed", mergedInto: "survivor" }, true)).toEqual([]);
});

test("what was chosen stays to be seen, though someone else has changed the ticket meanwhile", () => {
  expect(choicesOf(RESOLVED, "resolved", true)).toEqual(["open", "in_progress", "resolved", "closed"]);
  expect(choicesOf(RESOLVED, "pending", true)).toContain("pending");
});
