import type { Role } from "../../api/me";
import { pageOf, someOf, textOf, truthOf, type RawSearch } from "../../search";
import { ROLES } from "./roles";

/** What the address of the list says: the parameters of GET /api/users, by their names. */
export type UserSearch = { text?: string; role?: Role; active?: boolean; page?: number };

export function userSearch(raw: RawSearch): UserSearch {
  return {
    text: textOf(raw.text),
    role: someOf(ROLES, raw.role)?.[0],
    active: truthOf(raw.active),
    page: pageOf(raw.page),
  };
}
