import { expect, test } from "vitest";
import { ANY_TIME, createdWords, fromDays, rangeOf, since, toDays } from "./created";

const NOW = new Date(2026, 10, 27, 15, 30);

test("a range that was chosen is found again on the same day, and is one of certain days on the next", () => {
  const week = since(7, NOW);
  expect(week.createdAfter).toBe(new Date(2026, 10, 20).toISOString());
  expect(rangeOf(week, NOW)).toBe("week");
  expect(rangeOf(week, new Date(2026, 10, 28))).toBe("custom");
  expect(rangeOf(since(0, NOW), NOW)).toBe("today");
  expect(rangeOf(ANY_TIME, NOW)).toBe("any");
});

test("days include both ends, and come back as they were typed", () => {
  const days = { from: "2026-03-28", until: "2026-03-29" }; // where Europe's clocks change
  const created = fromDays(days.from, days.until);
  expect(created.createdBefore).toBe(new Date(2026, 2, 30).toISOString());
  expect(toDays(created)).toEqual(days);
  expect(toDays(fromDays("", "2026-01-01"))).toEqual({ from: "", until: "2026-01-01" });
  expect(fromDays("", "")).toEqual(ANY_TIME);
});

test("ranges in words", () => {
  expect(createdWords(ANY_TIME, NOW)).toBeUndefined();
  expect(createdWords(since(30, NOW), NOW)).toBe("Last 30 days");
  expect(createdWords(fromDays("2026-01-02", ""), NOW)).toMatch(/^Since .*2026$/);
  expect(createdWords(fromDays("", "2026-01-02"), NOW)).toMatch(/^Until .*2026$/);
  expect(createdWords(fromDays("2026-01-02", "2026-01-05"), NOW)).toMatch(/2026 – .*5.*2026$/);
});
