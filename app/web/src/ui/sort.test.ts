import { expect, test } from "vitest";
import { directionOf, nextSort } from "./sort";

test("a header sorts downwards first, then upwards, and begins anew after another column", () => {
  expect(nextSort("-created", "updated")).toBe("-updated");
  expect(nextSort("-updated", "updated")).toBe("updated");
  expect(nextSort("updated", "updated")).toBe("-updated");
  expect(nextSort(undefined, "updated")).toBe("-updated");
});

test("only the column that sorts has a direction", () => {
  expect(directionOf("-updated", "updated")).toBe("descending");
  expect(directionOf("updated", "updated")).toBe("ascending");
  expect(directionOf("-created", "updated")).toBe("none");
});
