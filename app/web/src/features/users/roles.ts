import type { Role } from "../../api/me";

export const ROLES: readonly Role[] = ["admin", "agent", "requester"];

/** What a role may do, to go on from "An admin" or from "They". */
export const ROLE_WORDS: Record<Role, string> = {
  admin: "may do everything: work on all tickets, run bulk jobs, read the audit log and change users",
  agent: "may work on all tickets, see the trash and share views, but run no bulk jobs",
  requester: "may open tickets, and see and edit their own",
};
