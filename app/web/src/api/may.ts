import { cache } from "./cache";
import { meQuery, useMe, type Role } from "./me";

const EVERYONE: readonly Role[] = ["requester", "agent", "admin"];
const STAFF: readonly Role[] = ["agent", "admin"];
const ADMINS: readonly Role[] = ["admin"];

/** Who may do what, as the API has it in app/policy.py. What a role may not do is not shown. */
const TABLE = {
  "ticket.create": EVERYONE,
  "ticket.edit": EVERYONE,
  "ticket.triage": STAFF, // assignee and tags
  "ticket.delete": STAFF,
  "view.share": STAFF,
  "trash.see": STAFF,
  "dashboard.see": STAFF,
  "contacts.work": STAFF,
  "users.list": STAFF, // agents see names, to assign tickets to
  "jobs.see": STAFF,
  "jobs.post": ADMINS,
  "jobs.steer": ADMINS,
  "jobs.export": STAFF,
  "imports.run": ADMINS,
  "audit.see": ADMINS,
  "users.change": ADMINS,
  "policies.change": ADMINS,
  "stock.see": STAFF,
  "stock.change": ADMINS,
  "webhooks.manage": ADMINS, // and the outbox
} satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof TABLE;

export function may(role: Role, action: Action): boolean {
  return TABLE[action].includes(role);
}

export function useMay(action: Action): boolean {
  return may(useMe().role, action);
}

/** As `useMay`, outside of components: of who is signed in, which is known before any screen begins. */
export function mayNow(action: Action): boolean {
  const me = cache.getQueryData(meQuery.queryKey);
  return me !== undefined && may(me.role, action);
}
