import type { Schemas } from "../../api/client";
import type { Contact } from "./queries";

/** A contact as a form has it: what is not known is empty. */
export type Values = { name: string; email: string; phone: string; organization: string; notes: string };

export const EMPTY: Values = { name: "", email: "", phone: "", organization: "", notes: "" };
export const FIELDS = ["name", "email", "phone", "organization", "notes"] as const;

export function valuesOf({ name, email, phone, organization, notes }: Contact): Values {
  return { name, email: email ?? "", phone: phone ?? "", organization, notes };
}

/** Return a form's values as the API takes them. */
export function bodyOf({ email, phone, ...others }: Values): Schemas["CreateContact"] {
  return { ...others, email: email || null, phone: phone || null };
}

/** Return what a form has changed, so that nothing else is written over what others have changed meanwhile. */
export function changesOf(contact: Contact, values: Values): Schemas["PatchContact"] {
  const before = valuesOf(contact);
  const changed = Object.entries(bodyOf(values)).filter(
    ([field]) => before[field as keyof Values] !== values[field as keyof Values],
  );
  return Object.fromEntries(changed);
}
