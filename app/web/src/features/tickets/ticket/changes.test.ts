import { expect, test } from "vitest";
import { changesOf, differing, type Values } from "./changes";

const BEFORE: Values = {
  title: "Printer on fire",
  description: "",
  status: "open",
  priority: "urgent",
  assigneeId: null,
  contactId: null,
  tags: ["fire", "printer"],
};

test("only what was edited is sent, so that other people's changes to other fields stay", () => {
  expect(changesOf(BEFORE, { ...BEFORE, status: "closed", assigneeId: "a" })).toEqual({
    status: "closed",
    assigneeId: "a",
  });
  expect(changesOf({ ...BEFORE, assigneeId: "a" }, BEFORE)).toEqual({ assigneeId: null });
});

test("tags in another order are the same tags", () => {
  expect(differing(BEFORE, { ...BEFORE, tags: ["printer", "fire"] })).toEqual([]);
  expect(changesOf(BEFORE, { ...BEFORE, tags: [] })).toEqual({ tags: [] });
});

test("edits move on to a newer version without what that changed elsewhere", () => {
  const edited = { ...BEFORE, title: "Printer smokes" };
  const theirs: Values = { ...BEFORE, status: "in_progress" };
  const merged = { ...theirs, ...changesOf(BEFORE, edited) };
  expect(changesOf(theirs, merged)).toEqual({ title: "Printer smokes" });
});
