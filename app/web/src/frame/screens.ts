import type { LinkProps } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { may, type Action } from "../api/may";
import type { Role } from "../api/me";
import {
  AuditIcon,
  ContactsIcon,
  DashboardIcon,
  ImportIcon,
  JobsIcon,
  OutboxIcon,
  PoliciesIcon,
  StockIcon,
  TicketsIcon,
  TrashIcon,
  UserIcon,
  UsersIcon,
  WebhooksIcon,
} from "./icons";

export type Screen = {
  to: NonNullable<LinkProps["to"]>;
  title: string;
  icon: ComponentType;
  /** The letter that leads there, after "g". */
  letter: string;
  needs?: Action;
  /** Where its link is: at hand, in a wide window only (in a narrow one in the menu), or in the menu alone. */
  place: "bar" | "wide" | "menu";
};

const SCREENS: readonly Screen[] = [
  { to: "/tickets", title: "Tickets", icon: TicketsIcon, letter: "t", place: "bar" },
  {
    to: "/dashboard",
    title: "Dashboard",
    icon: DashboardIcon,
    letter: "d",
    needs: "dashboard.see",
    place: "wide",
  },
  {
    to: "/contacts",
    title: "Contacts",
    icon: ContactsIcon,
    letter: "c",
    needs: "contacts.work",
    place: "wide",
  },
  { to: "/jobs", title: "Jobs", icon: JobsIcon, letter: "j", needs: "jobs.see", place: "bar" },
  { to: "/trash", title: "Trash", icon: TrashIcon, letter: "x", needs: "trash.see", place: "bar" },
  { to: "/stock", title: "Stock", icon: StockIcon, letter: "s", needs: "stock.see", place: "wide" },
  { to: "/imports", title: "Import", icon: ImportIcon, letter: "i", needs: "imports.run", place: "wide" },
  { to: "/audit", title: "Audit", icon: AuditIcon, letter: "a", needs: "audit.see", place: "wide" },
  { to: "/users", title: "Users", icon: UsersIcon, letter: "u", needs: "users.change", place: "wide" },
  {
    to: "/policies",
    title: "Policies",
    icon: PoliciesIcon,
    letter: "p",
    needs: "policies.change",
    place: "wide",
  },
  {
    to: "/webhooks",
    title: "Webhooks",
    icon: WebhooksIcon,
    letter: "w",
    needs: "webhooks.manage",
    place: "wide",
  },
  { to: "/outbox", title: "Outbox", icon: OutboxIcon, letter: "o", needs: "webhooks.manage", place: "wide" },
  { to: "/account", title: "My account", icon: UserIcon, letter: "m", place: "menu" },
];

/** Return the screens that there are for a role. */
export function screensFor(role: Role): Screen[] {
  return SCREENS.filter(({ needs }) => !needs || may(role, needs));
}
