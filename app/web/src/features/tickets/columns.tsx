import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "../../api/may";
import { capitalized } from "../../ui/format";
import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import { UserName } from "../users/user-name";
import { Due } from "./due";
import type { Ticket } from "./queries";
import classes from "./tickets.module.css";

export const columns: Column<Ticket>[] = [
  {
    id: "number",
    header: "Number",
    width: "92px",
    sortsBy: "created", // numbers rise with time
    narrow: "meta",
    cell: ({ number }) => `#${number}`,
  },
  { id: "title", header: "Title", narrow: "title", cell: (ticket) => <Title {...ticket} /> },
  {
    id: "status",
    header: "Status",
    width: "116px",
    narrow: "meta",
    cell: ({ status }) => <StatusWord status={status} />,
  },
  {
    id: "priority",
    header: "Priority",
    width: "88px",
    narrow: "meta",
    cell: ({ priority }) => <span data-priority={priority}>{capitalized(priority)}</span>,
  },
  {
    id: "assignee",
    header: "Assignee",
    width: "128px",
    narrow: "hidden",
    cell: ({ assigneeId }) => <UserName id={assigneeId} />,
  },
  { id: "due", header: "Due", width: "96px", narrow: "meta", cell: (ticket) => <Due ticket={ticket} /> },
  {
    id: "updated",
    header: "Updated",
    sortsBy: "updated",
    width: "100px",
    narrow: "aside",
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
];

const forRequesters = columns.filter(({ id }) => id !== "assignee" && id !== "due");

/** Requesters are not told who works on their tickets, nor by when that is to be done. */
export function useColumns(): readonly Column<Ticket>[] {
  return useMay("ticket.triage") ? columns : forRequesters;
}

function Title({ id, title, tags }: Ticket) {
  return (
    <Tagged tags={tags}>
      <Link
        to="/tickets/$ticketId"
        params={{ ticketId: id }}
        search={true}
        preload={false} // the list has all that there is of it
        title={title}
        data-row-link
      >
        {title}
      </Link>
    </Tagged>
  );
}

/** A title, and beside it as many tags as there is room for. */
export function Tagged({ tags, children }: Pick<Ticket, "tags"> & { children: ReactNode }) {
  return (
    <div className={classes.title}>
      {children}
      {tags.map((tag) => (
        <span key={tag} className={classes.tag}>
          {tag}
        </span>
      ))}
    </div>
  );
}
