import { useMe } from "../../api/me";
import type { Column } from "../../ui/data-table";
import { capitalized } from "../../ui/format";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import { ChangeMenu } from "./change-menu";
import type { ListedUser } from "./queries";
import classes from "./users.module.css";

export const columns: Column<ListedUser>[] = [
  { id: "name", header: "Name", narrow: "title", cell: (user) => <Name user={user} /> },
  {
    id: "email",
    header: "E-mail",
    narrow: "hidden",
    cell: ({ email }) => <span title={email}>{email}</span>,
  },
  { id: "role", header: "Role", width: "120px", narrow: "meta", cell: ({ role }) => capitalized(role) },
  {
    id: "state",
    header: "State",
    width: "128px",
    narrow: "meta",
    cell: ({ active }) => <StatusWord status={active ? "active" : "deactivated"} />,
  },
  {
    id: "created",
    header: "Created",
    width: "112px",
    narrow: "meta",
    cell: ({ createdAt }) => createdAt && <RelativeTime at={createdAt} />,
  },
  {
    id: "change",
    header: <span className="visually-hidden">Change</span>,
    width: "64px",
    narrow: "aside",
    align: "end",
    cell: (user) => <ChangeMenu user={user} />,
  },
];

function Name({ user }: { user: ListedUser }) {
  const isMe = useMe().id === user.id;
  return (
    <>
      {user.username} {isMe && <span className={classes.you}>you</span>}
    </>
  );
}
