import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { batched } from "./batch";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("the first comes through at once, the others together, and nothing is lost", async () => {
  const batches: number[][] = [];
  const take = batched<number>(100, (batch) => batches.push(batch));
  take(1);
  await Promise.resolve();
  expect(batches).toEqual([[1]]);
  take(2);
  take(3);
  expect(batches).toEqual([[1]]);
  vi.advanceTimersByTime(100);
  expect(batches).toEqual([[1], [2, 3]]);
  vi.advanceTimersByTime(1000);
  take(4);
  await Promise.resolve();
  expect(batches).toEqual([[1], [2, 3], [4]]);
});
