import { Button } from "@mantine/core";
import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import { columns as ticketColumns, Tagged } from "../tickets/columns";
import { useRestore } from "./queries";
import type { Ticket } from "../tickets/queries";

/** As in the list of tickets, but for when they were deleted, and the way back. */
export const columns: Column<Ticket>[] = [
  ...ticketColumns
    .filter(({ id }) => id !== "updated")
    .map((column) => (column.id === "title" ? { ...column, cell: title } : column)),
  {
    id: "deleted",
    header: "Deleted",
    width: "96px",
    narrow: "meta",
    cell: ({ deletedAt }) => deletedAt && <RelativeTime at={deletedAt} />,
  },
  {
    id: "restore",
    header: <span className="visually-hidden">Restore</span>,
    width: "112px",
    narrow: "aside",
    cell: (ticket) => <Restore ticket={ticket} />,
  },
];

/** Without a link: nobody can open what is deleted. */
function title({ title, tags }: Ticket) {
  return (
    <Tagged tags={tags}>
      <span title={title}>{title}</span>
    </Tagged>
  );
}

function Restore({ ticket }: { ticket: Ticket }) {
  const { mutate, isPending } = useRestore(ticket);
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      loading={isPending}
      data-row-button
      aria-label={`Restore #${ticket.number}`}
      onClick={() => {
        mutate();
      }}
    >
      Restore
    </Button>
  );
}
