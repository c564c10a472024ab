import { textOf, type RawSearch } from "../../search";

/** What the address of the list says: the parameters of GET /api/contacts, by their names. */
export type ContactSearch = { text?: string; cursor?: string };

export function contactSearch(raw: RawSearch): ContactSearch {
  return { text: textOf(raw.text), cursor: textOf(raw.cursor) };
}
