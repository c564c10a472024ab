import { expect, test } from "vitest";
import { changesOf, wordsOf } from "./change";

const GRACE = { id: "g", username: "grace", role: "agent", active: true } as const;

test("one can be made what one is not", () => {
  expect(changesOf(GRACE)).toEqual([{ role: "admin" }, { role: "requester" }, { active: false }]);
  expect(changesOf({ ...GRACE, active: false })).toContainEqual({ active: true });
});

test("a change that ends sessions says so", () => {
  const ends = /end at once/;
  expect(wordsOf({ role: "admin" }, GRACE).whatHappens.join(" ")).toMatch(ends);
  expect(wordsOf({ active: false }, GRACE).whatHappens.join(" ")).toMatch(ends);
});

test("who is not active has no sessions that could end", () => {
  const words = wordsOf({ role: "admin" }, { ...GRACE, active: false });
  expect(words.whatHappens).toHaveLength(1);
  expect(words.title).toBe("Make grace an admin");
});
