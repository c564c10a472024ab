import { expect, test } from "vitest";
import { fieldsOf, valuesOf } from "./schema";

const FIELDS = fieldsOf({
  schema: {
    properties: {
      cableType: { type: "string", maxLength: 60, examples: ["Cat6"] },
      quantity: { type: "integer", default: 1 },
      notes: { type: "string", maxLength: 2000, default: "" },
    },
    required: ["cableType"],
  },
});

test("a schema says what to ask for", () => {
  expect(FIELDS.map(({ name, kind, isRequired }) => [name, kind, isRequired])).toEqual([
    ["cableType", "word", true],
    ["quantity", "number", false],
    ["notes", "text", false],
  ]);
});

test("what was typed goes as texts and numbers, and what is empty stays away", () => {
  expect(valuesOf(FIELDS, { cableType: " Cat6 ", notes: "" })).toEqual({ cableType: "Cat6", quantity: 1 });
  expect(valuesOf(FIELDS, { quantity: "7" })).toEqual({ quantity: 7 });
});
