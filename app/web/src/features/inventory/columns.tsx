import { Link } from "@tanstack/react-router";
import type { Column } from "../../ui/data-table";
import { count } from "../../ui/format";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import type { Item, Movement } from "./queries";
import { cableWords, kindWords, quantityWords } from "./words";

export const stockColumns: Column<Item>[] = [
  {
    id: "cable",
    header: "Cable",
    narrow: "title",
    cell: (item) => (
      <Link to="/stock/$itemId" params={{ itemId: item.id }} data-row-link title={cableWords(item)}>
        {cableWords(item)}
      </Link>
    ),
  },
  {
    id: "level",
    header: "Level",
    width: "112px",
    narrow: "meta",
    cell: ({ low }) => low && <StatusWord status="low" />,
  },
  {
    id: "on-hand",
    header: "On hand",
    width: "112px",
    align: "end",
    narrow: "aside",
    cell: ({ onHand }) => count(onHand),
  },
  {
    id: "low-at",
    header: "Low at",
    width: "112px",
    align: "end",
    narrow: "hidden",
    cell: ({ lowAt }) => lowAt !== null && count(lowAt),
  },
  {
    id: "updated",
    header: "Updated",
    width: "96px",
    narrow: "hidden",
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
];

const CABLE: Column<Movement> = {
  id: "cable",
  header: "Cable",
  width: "28%",
  narrow: "title",
  cell: (movement) => (
    <Link to="/stock/$itemId" params={{ itemId: movement.itemId }} data-row-link title={cableWords(movement)}>
      {cableWords(movement)}
    </Link>
  ),
};

const WHAT = { id: "what", header: "What", cell: (movement: Movement) => <What movement={movement} /> };

const OTHERS: Column<Movement>[] = [
  {
    id: "quantity",
    header: "Quantity",
    width: "96px",
    align: "end",
    narrow: "aside",
    cell: ({ quantity }) => quantityWords(quantity),
  },
  {
    id: "on-hand",
    header: "Left",
    width: "96px",
    align: "end",
    narrow: "hidden",
    cell: ({ onHand }) => count(onHand),
  },
  { id: "who", header: "Who", width: "18%", narrow: "meta", cell: ({ actor }) => actor.username },
  { id: "when", header: "When", width: "96px", narrow: "meta", cell: ({ at }) => <RelativeTime at={at} /> },
];

/** The lines of one item, as the page says which. */
export const movementColumns: Column<Movement>[] = [{ ...WHAT, narrow: "title" }, ...OTHERS];

export const ledgerColumns: Column<Movement>[] = [CABLE, { ...WHAT, narrow: "fill" }, ...OTHERS];

function What({ movement }: { movement: Movement }) {
  const words = kindWords(movement);
  const { ticketId } = movement;
  return (
    <span title={words}>
      {words}
      {ticketId && (
        <>
          {" for "}
          <Link to="/tickets/$ticketId" params={{ ticketId }}>
            a ticket
          </Link>
        </>
      )}
    </span>
  );
}
