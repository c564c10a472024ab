import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay, type Action } from "../api/may";
import { Mark } from "../features/sign-in/mark";
import classes from "./frame.module.css";
import { AuditIcon, JobsIcon, TicketsIcon, TrashIcon, UsersIcon } from "./icons";
import { JobsSign } from "./jobs-sign";
import { UserMenu } from "./user-menu";

/** At the side, or at the bottom of a narrow window. */
export function SideBar() {
  return (
    <nav aria-label="Screens" className={classes.side}>
      <p className={classes.brand}>
        <Mark /> Bulkhead
      </p>
      <div className={classes.nav}>
        <Item to="/tickets" icon={<TicketsIcon />}>
          Tickets
        </Item>
        <Item to="/jobs" icon={<JobsIcon />} needs="jobs.see" sign={<JobsSign />}>
          Jobs
        </Item>
        <Item to="/trash" icon={<TrashIcon />} needs="trash.see">
          Trash
        </Item>
        <hr />
        <Item to="/audit" icon={<AuditIcon />} needs="audit.see" isWideOnly>
          Audit
        </Item>
        <Item to="/users" icon={<UsersIcon />} needs="users.change" isWideOnly>
          Users
        </Item>
      </div>
      <UserMenu />
    </nav>
  );
}

type ItemProps = {
  to: NonNullable<LinkProps["to"]>;
  icon: ReactNode;
  needs?: Action;
  sign?: ReactNode;
  isWideOnly?: boolean;
  children: string;
};

function Item({ to, icon, needs = "ticket.create", sign, isWideOnly, children }: ItemProps) {
  if (!useMay(needs)) return null;
  return (
    <Link
      to={to}
      className={classes.item}
      data-wide-only={isWideOnly}
      activeOptions={{ includeSearch: false }}
      activeProps={{ "aria-current": "page" }}
    >
      {icon}
      <span>{children}</span>
      {sign}
    </Link>
  );
}
