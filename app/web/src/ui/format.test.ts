import { expect, test } from "vitest";
import { CLOCK_CHARS, clockTime, duration, relativeTime, timeAgo } from "./format";

const NOW = new Date("2026-11-27T12:00:00Z");

test.each([
  ["2026-11-27T11:59:55Z", "now"],
  ["2026-11-27T11:59:20Z", "40 s"],
  ["2026-11-27T11:57:00Z", "3 min"],
  ["2026-11-27T11:00:10Z", "1 h"],
  ["2026-11-26T12:00:00Z", "1 day"],
  ["2026-11-20T12:00:00Z", "7 days"],
  ["2026-09-27T12:00:00Z", "2 months"],
  ["2020-11-27T12:00:00Z", "6 years"],
  ["2026-11-27T14:00:00Z", "in 2 h"],
])("%s is %s", (time, words) => {
  expect(relativeTime(new Date(time), NOW)).toBe(words);
});

test.each([
  ["2026-11-27T11:59:55Z", "just now"],
  ["2026-11-27T11:57:00Z", "3 min ago"],
  ["2026-11-27T14:00:00Z", "in 2 h"],
])("%s was %s", (time, words) => {
  expect(timeAgo(new Date(time), NOW)).toBe(words);
});

test("how long something took", () => {
  expect([0.4, 59.6, 200, 7_500].map(duration)).toEqual(["0 s", "1 min 0 s", "3 min 20 s", "2 h 5 min"]);
  expect([172_799, 172_800, 1_195_980].map(duration)).toEqual(["47 h 59 min", "2 d 0 h", "13 d 20 h"]);
});

test("no time of a day is longer than the longest", () => {
  const hours = Array.from(
    { length: 24 },
    (_, hour) => clockTime(new Date(2026, 10, 27, hour, 59, 59)).length,
  );
  expect(Math.max(...hours)).toBe(CLOCK_CHARS);
});
