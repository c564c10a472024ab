import { Button } from "@mantine/core";
import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import { columns as ticketColumns } from "../tickets/columns";
import { useRestore } from "./queries";
import type { Ticket } from "../tickets/queries";

/** As in the list of tickets, but for when they were deleted, and the way back. */
export const columns: Column<Ticket>[] = [
  ...ticketColumns.filter(({ id }) => id !== "updated"),
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

function Restore({ ticket }: { ticket: Ticket }) {
  const { mutate, isPending } = useRestore(ticket);
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      loading={isPending}
      aria-label={`Restore #${ticket.number}`}
      onClick={() => {
        mutate();
      }}
    >
      Restore
    </Button>
  );
}
