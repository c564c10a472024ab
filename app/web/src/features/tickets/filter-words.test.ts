import { expect, test } from "vitest";
import { filterWords } from "./filter-words";

const nameOf = (id: string) => `user ${id}`;

test("of a field that has several values, one is enough", () => {
  expect(filterWords({ sla: "breached" }, nameOf)).toEqual(["it is late"]);
  expect(
    filterWords({ sla: ["breached", "at_risk"], status: ["open", "in_progress"], type: "cable" }, nameOf),
  ).toEqual(["status is open or in progress", "type is cable", "it is late or due within an hour"]);
});

test("people are called by their names, and nobody is nobody", () => {
  expect(filterWords({ assigneeId: ["none", "me", "7"] }, nameOf)).toEqual([
    "assignee is nobody or me or user 7",
  ]);
});

test("fields of a type are called by their names in words", () => {
  expect(filterWords({ type: "cable", fields: { cableType: "Cat6", quantity: 2 } }, nameOf)).toEqual([
    "type is cable",
    "cable type is Cat6",
    "quantity is 2",
  ]);
});
