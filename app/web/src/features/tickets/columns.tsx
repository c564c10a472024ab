import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "../../api/may";
import { capitalized } from "../../ui/format";
import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import { ContactName } from "../contacts/contact-name";
import { UserName } from "../users/user-name";
import { Due } from "./due";
import type { Ticket } from "./queries";
import type { ListColumn } from "./search";
import { shownColumns, USUAL_COLUMNS } from "./shown-columns";
import classes from "./tickets.module.css";

const STAFF_ONLY = ["assignee", "requester", "contact", "due"];

/** Every column that a list of tickets may have, by its id. */
const ALL: Record<ListColumn, Column<Ticket>> = {
  number: {
    id: "number",
    header: "Number",
    width: "92px",
    sortsBy: "created", // numbers rise with time
    narrow: "meta",
    cell: ({ number }) => `#${number}`,
  },
  title: { id: "title", header: "Title", narrow: "title", cell: (ticket) => <Title ticket={ticket} /> },
  status: {
    id: "status",
    header: "Status",
    width: "160px", // "Pending approval", in fonts that are wide
    narrow: "meta",
    cell: ({ status }) => <StatusWord status={status} />,
  },
  priority: {
    id: "priority",
    header: "Priority",
    width: "88px",
    narrow: "meta",
    cell: ({ priority }) => <span data-priority={priority}>{capitalized(priority)}</span>,
  },
  assignee: {
    id: "assignee",
    header: "Assignee",
    width: "128px",
    narrow: "hidden",
    cell: ({ assigneeId }) => <UserName id={assigneeId} />,
  },
  requester: {
    id: "requester",
    header: "Requester",
    width: "128px",
    narrow: "hidden",
    cell: ({ requesterId }) => <UserName id={requesterId} />,
  },
  contact: {
    id: "contact",
    header: "Contact",
    width: "128px",
    narrow: "hidden",
    cell: ({ contactId }) => contactId && <ContactName id={contactId} />,
  },
  tags: {
    id: "tags",
    header: "Tags",
    width: "160px",
    narrow: "hidden", // they stand beside the title there, and only there
    cell: ({ tags }) => tags.join(", "),
  },
  due: {
    id: "due",
    header: "Due",
    width: "96px",
    narrow: "meta",
    cell: (ticket) => <Due ticket={ticket} />,
  },
  created: {
    id: "created",
    header: "Created",
    sortsBy: "created",
    width: "100px",
    narrow: "meta",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  updated: {
    id: "updated",
    header: "Updated",
    sortsBy: "updated",
    width: "100px",
    narrow: "aside",
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
};

export const columns: readonly Column<Ticket>[] = USUAL_COLUMNS.map((id) => ALL[id]);

/** Requesters are not told who works on their tickets, nor by when that is to be done. */
export function useColumns(wanted: readonly ListColumn[] | undefined): readonly Column<Ticket>[] {
  const isStaff = useMay("ticket.triage");
  const shown = shownColumns(wanted).filter((id) => isStaff || !STAFF_ONLY.includes(id));
  return shown.map((id) => (id === "title" && shown.includes("tags") ? TITLE_BESIDE_TAGS : ALL[id]));
}

const TITLE_BESIDE_TAGS: Column<Ticket> = {
  ...ALL.title,
  cell: (ticket) => <Title ticket={ticket} hasTagsColumn />,
};

type TitleProps = { ticket: Ticket; hasTagsColumn?: boolean };

function Title({ ticket: { id, title, tags }, hasTagsColumn }: TitleProps) {
  return (
    <Tagged tags={tags} hasTagsColumn={hasTagsColumn}>
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

type TaggedProps = {
  tags: readonly string[];
  /** Then they are beside the title only where the list is too narrow for that column. */
  hasTagsColumn?: boolean | undefined;
  children: ReactNode;
};

/** A title, and beside it as many tags as there is room for. */
export function Tagged({ tags, hasTagsColumn, children }: TaggedProps) {
  return (
    <div className={classes.title} data-tags-column={hasTagsColumn}>
      {children}
      {tags.map((tag) => (
        <span key={tag} className={classes.tag}>
          {tag}
        </span>
      ))}
    </div>
  );
}
