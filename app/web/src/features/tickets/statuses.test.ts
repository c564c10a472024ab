import { expect, test } from "vitest";
import { choicesOf, targetsOf } from "./statuses";

const RESOLVED = { status: "resolved", mergedInto: null } as const;

test("only what an arrow leads to is offered", () => {
  expect(targetsOf(RESOLVED)).toEqual(["open", "in_progress", "closed"]);
  expect(targetsOf({ status: "closed", mergedInto: null })).toEqual(["open"]);
});

test("a ticket that was merged stays closed", () => {
  expect(targetsOf({ status: "closed", mergedInto: "survivor" })).toEqual([]);
});

test("what was chosen stays to be seen, though someone else has changed the ticket meanwhile", () => {
  expect(choicesOf(RESOLVED, "resolved")).toEqual(["open", "in_progress", "resolved", "closed"]);
  expect(choicesOf(RESOLVED, "pending")).toContain("pending");
});
