import { expect, test } from "vitest";
import { beginOf, dayOf, lastDayBefore } from "./days";

test("a day that is read back is the same day", () => {
  expect(dayOf(beginOf("2026-03-01"))).toBe("2026-03-01");
});

test("a last day is part of what is asked for", () => {
  expect(lastDayBefore(beginOf("2026-02-28", 1))).toBe("2026-02-28");
  expect(beginOf("2026-02-28", 1)).toBe(beginOf("2026-03-01"));
});

test("no day is no moment", () => {
  expect(beginOf("")).toBeUndefined();
  expect(dayOf(undefined)).toBe("");
});
