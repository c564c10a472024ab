import { expect, test } from "vitest";
import { cableWords, kindWords, quantityWords } from "./words";

test("what came in and what went out", () => {
  expect([1200, -3].map(quantityWords)).toEqual(["+1,200", "−3"]);
});

test("what happened, and why if someone has said so", () => {
  expect(kindWords({ kind: "received", reason: null })).toBe("Received");
  expect(kindWords({ kind: "adjusted", reason: "Counted" })).toBe("Adjusted: Counted");
});

test("what a cable is", () => {
  const cable = { cableType: "Cat6", cableGauge: "23AWG", cableLength: "100 ft" };
  expect(cableWords(cable)).toBe("Cat6 · 23AWG · 100 ft");
});
