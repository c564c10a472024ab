import { expect, test } from "vitest";
import { fieldsInWords } from "./field-words";

test("a type's fields are told by name, without those that were left empty", () => {
  expect(fieldsInWords({ cableType: "Cat6", quantity: 2, notes: "" })).toEqual([
    ["Cable type", "Cat6"],
    ["Quantity", "2"],
  ]);
});
