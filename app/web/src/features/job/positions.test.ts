import { expect, test } from "vitest";
import { isSparse, rowsOf, withPage, type Chain } from "./positions";

const START: Chain = { starts: [0], end: null };

test("a filtered list grows by the page that is known to come, and ends where a page is the last", () => {
  expect(rowsOf(START, 100)).toBe(100);
  const second = withPage(START, 0, 640, 100);
  expect(second).toEqual({ starts: [0, 640], end: null });
  expect(rowsOf(second, 100)).toBe(200);
  expect(rowsOf(withPage(second, 1, null, 139), 100)).toBe(139);
  expect(rowsOf(withPage(START, 0, null, 0), 100)).toBe(0);
});

test("a page that is read again keeps what is known of later ones, unless the next begins elsewhere", () => {
  const chain: Chain = { starts: [0, 640, 1200], end: 250 };
  expect(withPage(chain, 0, 640, 100)).toBe(chain);
  expect(withPage(chain, 0, 500, 100)).toEqual({ starts: [0, 500], end: null });
});

test("only a list of all has each item in the row of its position", () => {
  expect(isSparse({})).toBe(false);
  expect(isSparse({ result: "failed" })).toBe(true);
  expect(isSparse({ number: 7 })).toBe(true);
});
