import { expect, test } from "vitest";
import { Samples } from "./samples";

const at = (atMs: number, processed: number, isRunning = true) => ({ atMs, processed, isRunning });

test("rates are made of where the job stood, not closer together than is worth drawing", () => {
  const samples = new Samples();
  expect(samples.add(at(0, 0))).toBe(false);
  expect(samples.add(at(100, 500))).toBe(false);
  expect(samples.add(at(500, 1000))).toBe(true);
  expect(samples.add(at(1000, 3000))).toBe(true);
  expect(samples.columns).toEqual([
    [0.5, 1],
    [2000, 4000],
  ]);
});

test("there is no line before two rates, and a pause is none", () => {
  const samples = new Samples();
  expect(samples.isLine).toBe(false);
  samples.add(at(0, 0));
  samples.add(at(1000, 1000));
  samples.add(at(1500, 1500, false));
  expect(samples.isLine).toBe(false);
  samples.add(at(2000, 1500));
  samples.add(at(3000, 2500));
  expect(samples.isLine).toBe(true);
});

test("a pause is a gap, and no slow stretch", () => {
  const samples = new Samples();
  samples.add(at(0, 0));
  samples.add(at(1000, 1000));
  samples.add(at(1500, 1500, false));
  samples.add(at(60_000, 1500));
  samples.add(at(61_000, 2500));
  expect(samples.columns[1]).toEqual([1000, null, 1000]);
});

test("what is older than five minutes is let go of", () => {
  const samples = new Samples();
  for (let second = 0; second <= 1000; second += 1) samples.add(at(second * 1000, second));
  expect(samples.columns[0]).toHaveLength(301);
});
