import { expect, test } from "vitest";
import { exactTime } from "../../ui/format";
import { eventWords, outcomeWords, stateOf, stateWords, troubleWords } from "./words";

const WELL = { disabledReason: null, failingSince: null };
const FAILING = { disabledReason: null, failingSince: "2026-11-27T09:00:00Z" };
const GONE = { disabledReason: "gone", failingSince: "2026-11-27T09:00:00Z" } as const;

test("a webhook is on, failing or off", () => {
  expect([WELL, FAILING, GONE].map(stateOf)).toEqual(["on", "failing", "off"]);
  expect([WELL, FAILING, GONE].map(stateWords)).toEqual(["on", "failing", "off: gone"]);
});

test("what is wrong with it is said in words", () => {
  expect(troubleWords(WELL)).toBeUndefined();
  expect(troubleWords(FAILING)).toContain(
    `since ${exactTime(new Date(FAILING.failingSince))}. After three days`,
  );
  expect(troubleWords(GONE)).toContain("gone for good. Nothing is sent until");
});

test("of many events the first is named", () => {
  expect([["a"], ["a", "b"], ["a", "b", "c"]].map(eventWords)).toEqual(["a", "a, b", "a + 2"]);
});

test("what came of it is an answer, or why there was none", () => {
  expect(outcomeWords({ statusCode: 500, error: null })).toBe("500");
  expect(outcomeWords({ statusCode: null, error: "Timed out" })).toBe("Timed out");
  expect(outcomeWords({ statusCode: null, error: null })).toBe("");
});
