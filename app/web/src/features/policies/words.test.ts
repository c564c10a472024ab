import { expect, test } from "vitest";
import { minutesWords, scopeWords } from "./words";

test.each([
  [30, "30 min"],
  [90, "1 h 30 min"],
  [1440, "1 day"],
  [2 * 1440 + 60, "2 days 1 h"],
])("%i minutes are %s", (minutes, words) => {
  expect(minutesWords(minutes)).toBe(words);
});

test("which tickets a policy is for", () => {
  expect(scopeWords({ priorities: [], tags: [] })).toBe("Any ticket");
  expect(scopeWords({ priorities: ["urgent", "high"], tags: ["vip"] })).toBe("Urgent or high, with tag vip");
});
