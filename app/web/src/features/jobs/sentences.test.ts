import { expect, test } from "vitest";
import { changeWords, sentenceOf, titleOf } from "./sentences";

const nameOf = (id: string) => (id === "7" ? "grace" : id);

test("a job of chosen tickets says how many", () => {
  expect(sentenceOf({ type: "bulk-delete", total: 12_431, params: {} }, nameOf)).toBe(
    "Delete 12,431 tickets",
  );
  expect(sentenceOf({ type: "bulk-restore", total: 1, params: {} }, nameOf)).toBe("Restore 1 ticket");
});

test("a job of a filter says which, before they are counted too", () => {
  const filter = { status: ["open" as const, "in_progress" as const], tags: "spam", assigneeId: "7" };
  expect(sentenceOf({ type: "bulk-update", total: null, params: { filter, excluded: 3 } }, nameOf)).toBe(
    "Change tickets where status is open or in progress and assignee is grace and tag is spam without 3",
  );
});

test("an undo says what it undoes, if that is known", () => {
  expect(titleOf({ type: "bulk-undo", total: 15_111 })).toBe("Undo a job on 15,111 tickets");
  expect(titleOf({ type: "bulk-undo", total: 1 }, "bulk-delete")).toBe("Undo the deletion of 1 ticket");
});

test("a type that is not known here is said as it is", () => {
  expect(sentenceOf({ type: "bulk-resolve", total: 2, params: {} }, nameOf)).toBe("Bulk resolve 2 tickets");
});

test("a change says what it sets", () => {
  const params = {
    filter: { tags: "old" },
    status: "in_progress" as const,
    assigneeId: "7",
    removeTags: ["a", "b"],
  };
  expect(sentenceOf({ type: "bulk-update", total: 5, params }, nameOf)).toBe(
    "Change 5 tickets where tag is old · status to in progress, assign to grace, remove tags a, b",
  );
  expect(changeWords({ assigneeId: null }, nameOf)).toEqual(["assign to nobody"]);
});
