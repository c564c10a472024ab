import { Link } from "@tanstack/react-router";
import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import type { Contact } from "./queries";

export const columns: Column<Contact>[] = [
  { id: "name", header: "Name", narrow: "title", cell: (contact) => <Name {...contact} /> },
  {
    id: "email",
    header: "E-mail",
    narrow: "fill",
    cell: ({ email }) => email && <span title={email}>{email}</span>,
  },
  {
    id: "organization",
    header: "Organization",
    width: "24%",
    narrow: "meta",
    cell: ({ organization }) => <span title={organization}>{organization}</span>,
  },
  { id: "phone", header: "Phone", width: "144px", narrow: "hidden", cell: ({ phone }) => phone },
  {
    id: "updated",
    header: "Updated",
    width: "96px",
    narrow: "aside",
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
];

function Name({ id, name }: Contact) {
  return (
    <Link to="/contacts/$contactId" params={{ contactId: id }} search={true} data-row-link title={name}>
      {name}
    </Link>
  );
}
