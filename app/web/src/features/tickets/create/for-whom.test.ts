import { expect, test } from "vitest";
import { contactOf, NOBODY } from "./for-whom";

test("a contact that is there goes by its id, a new one by name and e-mail", () => {
  const whom = { isNew: false, contactId: "7", name: "Grace", email: "grace@navy.example" };
  expect(contactOf(whom)).toEqual({ contactId: "7" });
  expect(contactOf({ ...whom, isNew: true })).toEqual({
    contact: { name: "Grace", email: "grace@navy.example" },
  });
});

test("a ticket may be for nobody", () => {
  expect(contactOf(NOBODY)).toEqual({});
  expect(contactOf({ ...NOBODY, isNew: true })).toEqual({});
});

test("what is left out of a new contact is for the server to miss", () => {
  expect(contactOf({ ...NOBODY, isNew: true, name: "Grace" })).toEqual({
    contact: { name: "Grace", email: "" },
  });
});
