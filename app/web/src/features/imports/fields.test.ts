import { expect, test } from "vitest";
import { areAlike, filling, pairsOf } from "./fields";

const COLUMNS = [
  { name: "Betreff", field: null },
  { name: "id", field: "externalId" },
  { name: "title", field: "title" },
  { name: "", field: null },
];

test("a field is filled by one column", () => {
  const mended = filling(COLUMNS, "Betreff", "title");
  expect(mended.map(({ field }) => field)).toEqual(["title", "externalId", null, null]);
});

test("any number of columns may be left out", () => {
  const mended = filling(filling(COLUMNS, "id", null), "title", null);
  expect(mended.map(({ field }) => field)).toEqual([null, null, null, null]);
});

test("every column that has a name is told, those that are left out with nothing", () => {
  expect(pairsOf(COLUMNS)).toEqual(["Betreff:", "id:externalId", "title:title"]);
});

test("what is chosen and taken back is as it was", () => {
  const there = filling(COLUMNS, "Betreff", "tags");
  expect(areAlike(there, COLUMNS)).toBe(false);
  expect(areAlike(filling(there, "Betreff", null), COLUMNS)).toBe(true);
});
