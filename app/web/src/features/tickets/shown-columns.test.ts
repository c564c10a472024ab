import { expect, test } from "vitest";
import { shownColumns, USUAL_COLUMNS } from "./shown-columns";

test("columns stand in the order that is wanted", () => {
  expect(shownColumns(["updated", "title", "tags"])).toEqual(["updated", "title", "tags"]);
  expect(shownColumns()).toEqual(USUAL_COLUMNS);
});

test("the title is always there, and nothing twice", () => {
  expect(shownColumns(["tags", "tags"])).toEqual(["title", "tags"]);
});
