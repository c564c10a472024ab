import { expect, test } from "vitest";
import type { Contact } from "./queries";
import { bodyOf, changesOf, EMPTY, valuesOf } from "./values";

const GRACE: Contact = {
  id: "g",
  name: "Grace",
  email: "grace@example.com",
  phone: null,
  organization: "Navy",
  notes: "",
  createdAt: "2026-11-24T10:00:00Z",
  updatedAt: "2026-11-24T10:00:00Z",
};

test("what is left empty is not known", () => {
  expect(bodyOf({ ...EMPTY, name: "Ada" })).toEqual({
    name: "Ada",
    email: null,
    phone: null,
    organization: "",
    notes: "",
  });
});

test("only what was changed is sent", () => {
  const values = valuesOf(GRACE);
  expect(changesOf(GRACE, values)).toEqual({});
  expect(changesOf(GRACE, { ...values, email: "", organization: "Yale" })).toEqual({
    email: null,
    organization: "Yale",
  });
});
