import type { Schemas } from "../../../api/client";

/** Whom a ticket is for: a contact that is there, or a new one. */
export type ForWhom = { isNew: boolean; contactId: string | null; name: string; email: string };

export const NOBODY: ForWhom = { isNew: false, contactId: null, name: "", email: "" };

/** Return the contact as the API takes it; nothing where nobody is named. */
export function contactOf(whom: ForWhom): Pick<Schemas["CreateTicket"], "contact" | "contactId"> {
  const { isNew, contactId, name, email } = whom;
  if (isNew) return name || email ? { contact: { name, email } } : {};
  return contactId === null ? {} : { contactId };
}
