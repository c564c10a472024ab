import { capitalized } from "../../ui/format";
import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import { UserName } from "../users/user-name";
import type { Ticket } from "./queries";
import classes from "./tickets.module.css";

export const columns: Column<Ticket>[] = [
  { id: "number", header: "Number", width: "96px", narrow: "meta", cell: ({ number }) => `#${number}` },
  { id: "title", header: "Title", narrow: "title", cell: (ticket) => <Title {...ticket} /> },
  {
    id: "status",
    header: "Status",
    width: "128px",
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
  {
    id: "updated",
    header: "Updated",
    width: "112px",
    narrow: "aside",
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
];

function Title({ title, tags }: Ticket) {
  return (
    <>
      <span title={title}>{title}</span>
      {tags.map((tag) => (
        <span key={tag} className={classes.tag}>
          {tag}
        </span>
      ))}
    </>
  );
}
