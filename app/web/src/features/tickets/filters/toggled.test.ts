import { expect, test } from "vitest";
import { chosenWords, toggled } from "./toggled";

test("a value goes in and out, and nothing is left of the last one", () => {
  expect(toggled([], "a")).toEqual(["a"]);
  expect(toggled(["a"], "b")).toEqual(["a", "b"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  expect(toggled(["a"], "a")).toBeUndefined();
});

test("what is chosen fits a button", () => {
  expect([[], ["A"], ["A", "B"], ["A", "B", "C"]].map(chosenWords)).toEqual([
    undefined,
    "A",
    "A, B",
    "A + 2",
  ]);
});
