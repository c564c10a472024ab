import { expect, test } from "vitest";
import { EVERYTHING, has, isNothing, NOTHING, rangeOf, shareOf, sizeOf, withRows } from "./selection";

const PAGE = ["a", "b", "c", "d"];

test("rows are selected and taken out one by one", () => {
  const two = withRows(withRows(NOTHING, ["a", "b", "c"], true), ["b"], false);
  expect(PAGE.filter((id) => has(two, id))).toEqual(["a", "c"]);
  expect(sizeOf(two, 100)).toBe(2);
});

test("of all that match, what is unticked is left out", () => {
  const most = withRows(EVERYTHING, ["a", "b"], false);
  expect(PAGE.filter((id) => has(most, id))).toEqual(["c", "d"]);
  expect([...most.marked]).toEqual(["a", "b"]);
  expect(sizeOf(most, 12_431)).toBe(12_429);
});

test("what was taken out of all can be put back", () => {
  const again = withRows(withRows(EVERYTHING, ["a"], false), ["a"], true);
  expect(again).toEqual(EVERYTHING);
});

test("selecting twice is selecting once", () => {
  expect(sizeOf(withRows(withRows(NOTHING, ["a"], true), ["a"], true), undefined)).toBe(1);
});

test("how many all are is not known before somebody has counted", () => {
  expect(sizeOf(EVERYTHING, undefined)).toBeUndefined();
  expect(isNothing(EVERYTHING)).toBe(false);
  expect(isNothing(NOTHING)).toBe(true);
});

test.each([
  ["a", "c", ["a", "b", "c"]],
  ["d", "b", ["b", "c", "d"]],
  ["b", "b", ["b"]],
  [null, "c", ["c"]],
  ["on another page", "c", ["c"]],
])("from %s to %s", (from, to, rows) => {
  expect(rangeOf(PAGE, from, to)).toEqual(rows);
});

test("a page is selected as a whole, in part, or not at all", () => {
  expect(shareOf(NOTHING, PAGE)).toBe("none");
  expect(shareOf(withRows(NOTHING, ["a", "elsewhere"], true), PAGE)).toBe("some");
  expect(shareOf(withRows(NOTHING, PAGE, true), PAGE)).toBe("all");
  expect(shareOf(withRows(EVERYTHING, ["a"], false), PAGE)).toBe("some");
  expect(shareOf(EVERYTHING, [])).toBe("none");
});
