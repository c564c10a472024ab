import { expect, test } from "vitest";
import { deadlineWords } from "./deadline";

const NOW = new Date("2026-11-27T12:00:00Z");

test.each([
  ["2026-11-27T14:00:00Z", "in 2 h"],
  ["2026-11-27T12:00:05Z", "now"],
  ["2026-11-27T09:00:00Z", "3 h late"],
])("%s is %s", (due, words) => {
  expect(deadlineWords(new Date(due), NOW)).toBe(words);
});
