import { expect, test } from "vitest";
import type { View } from "./queries";
import { changesOf, valuesOf } from "./values";

const VIEW: View = {
  id: "0",
  ownerId: "1",
  name: "Urgent",
  filter: { priority: ["urgent"] },
  sharedWith: ["agent"],
  columns: ["title", "due"],
  sort: null,
  position: 3,
  createdAt: "2026-11-24T10:00:00Z",
  updatedAt: "2026-11-24T10:00:00Z",
};

test("only what was edited is sent", () => {
  const values = { ...valuesOf(VIEW), sort: "updated" as const, position: "10" };
  expect(changesOf(VIEW, values)).toEqual({ sort: "updated", position: 10 });
  expect(changesOf(VIEW, valuesOf(VIEW))).toEqual({});
});

test("no columns are the usual ones, and no order is the first", () => {
  expect(changesOf(VIEW, { ...valuesOf(VIEW), columns: [], position: "" })).toEqual({
    columns: null,
    position: 0,
  });
});
