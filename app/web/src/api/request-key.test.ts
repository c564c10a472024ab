import { expect, test } from "vitest";
import { RequestKey } from "./request-key";

const REQUEST = { cableType: "Cat6", quantity: 10 };

test("is the same for the same request", () => {
  const key = new RequestKey();
  expect(key.for(REQUEST)).toBe(key.for({ ...REQUEST }));
});

test("is another for another request, and for another dialog", () => {
  const key = new RequestKey();
  const first = key.for(REQUEST);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(key.for({ ...REQUEST, quantity: 3 })).not.toBe(first);
  expect(new RequestKey().for(REQUEST)).not.toBe(first);
});
