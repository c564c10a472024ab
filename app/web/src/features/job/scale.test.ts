import { expect, test } from "vitest";
import { heightOf, scaleOf } from "./scale";

test("what browsers can show whole is scrolled as it is", () => {
  expect(heightOf(20 * 36)).toBe(720);
  expect(scaleOf(250_000 * 36, 500)).toBe(1);
});

test("a million rows are scrolled to their end in a box that browsers can show", () => {
  const total = 1_000_000 * 36;
  const end = heightOf(total) - 500; // as far as a view of 500 pixels can be scrolled
  expect(heightOf(total)).toBeLessThan(17_000_000);
  expect(end * scaleOf(total, 500)).toBeCloseTo(total - 500);
});
