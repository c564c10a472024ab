import { useMediaQuery, useThrottledValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { ErrorState } from "../../ui/error-state";
import { EmptyState } from "../../ui/empty-state";
import { CLOCK_CHARS, clockTime, count, words } from "../../ui/format";
import { StatusWord } from "../../ui/status-word";
import { PAGE_ROWS, useItems, useRowCount, type Item } from "./item-pages";
import classes from "./job.module.css";
import type { ItemFilter } from "./search";
import { useRows, type VisibleRow } from "./use-rows";

const SETTLED_MS = 120; // while the scroll bar is dragged, pages that fly by are not asked for
const ROW_PX = 36;
const NARROW_ROW_PX = 58;
const CLOCK_WIDTH = `${CLOCK_CHARS + 3}ch`; // of a digit each, with room for letters that are wider and for the edge

type Props = { jobId: string; type: string; filter: ItemFilter; total: number | null; isMoving: boolean };

/** Items by the million: those in sight are rows, and the pages around them are in memory. */
export const ItemList = memo(function ItemList({ total, type, ...wanted }: Props) {
  if (total === null) {
    return <EmptyState title="Not counted yet">The tickets are looked up when the job begins.</EmptyState>;
  }
  return <Rows wanted={{ ...wanted, total }} type={type} />;
});

function Rows({ wanted, type }: { wanted: Parameters<typeof useItems>[0]; type: string }) {
  const rowPx = useMediaQuery("(width < 720px)") ? NARROW_ROW_PX : ROW_PX;
  const rowCount = useRowCount(wanted);
  const { scroller, heightPx, visible } = useRows(rowCount, rowPx);
  const first = useThrottledValue(pageOf(visible[0]), SETTLED_MS);
  const last = useThrottledValue(pageOf(visible.at(-1)), SETTLED_MS);
  const { problem, itemAt } = useItems(wanted, first, Math.max(first, last));
  if (rowCount === 0) return <EmptyState title={emptyTitle(wanted.filter)} />;
  return (
    <>
      {problem && <ErrorState problem={problem} />}
      <div
        ref={scroller}
        className={classes.scroller}
        role="table"
        aria-label="Items"
        aria-rowcount={rowCount}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that keys can scroll it
        tabIndex={0}
      >
        <div role="rowgroup" className={classes.rows} style={{ height: heightPx }}>
          {visible.map((row) => (
            <Row key={row.index} row={row} rowPx={rowPx} item={itemAt(row.index)} type={type} />
          ))}
        </div>
      </div>
    </>
  );
}

type RowProps = { row: VisibleRow; rowPx: number; item: Item | undefined; type: string };

function Row({ row: { index, top }, rowPx, item, type }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      aria-busy={!item || undefined}
      className={classes.row}
      style={{ height: rowPx, transform: `translateY(${top}px)` }}
    >
      {item ? (
        <Cells item={item} type={type} />
      ) : (
        <span role="cell" className={classes.pending} aria-label="Loading" />
      )}
    </div>
  );
}

const Cells = memo(function Cells({ item, type }: { item: Item; type: string }) {
  const { ticketTitle, result, code, message, at } = item;
  return (
    <>
      <span role="cell" className={classes.ticketNumber}>
        <TicketNumber item={item} type={type} />
      </span>
      <span role="cell" className={classes.ticketTitle}>
        {ticketTitle ?? <span className={classes.quiet}>gone, or not for your role</span>}
      </span>
      <span role="cell" className={classes.result} title={message ?? undefined}>
        <StatusWord status={result} word={result === "unprocessed" ? "left" : words(code ?? result)} />
      </span>
      <span role="cell" className={classes.message}>
        {result === "failed" && message}
      </span>
      <span role="cell" className={classes.at} style={{ minWidth: CLOCK_WIDTH }}>
        {at && <time dateTime={at}>{clockTime(new Date(at))}</time>}
      </span>
    </>
  );
});

function TicketNumber({ item, type }: { item: Item; type: string }) {
  const { ticketId, ticketNumber } = item;
  if (ticketNumber === null) return ticketId.slice(0, 8);
  if (isDeleted(item, type)) return `#${ticketNumber}`;
  return (
    <Link to="/tickets/$ticketId" params={{ ticketId }} preload={false}>
      {`#${ticketNumber}`}
    </Link>
  );
}

/** Whether the job has left or found the ticket deleted: nobody can open it then. */
function isDeleted({ result, code }: Item, type: string): boolean {
  if (result === "succeeded") return type === "bulk-delete";
  return code === "already_deleted" || code === "deleted" || code === "too_recent";
}

function pageOf(row: VisibleRow | undefined): number {
  return Math.floor((row?.index ?? 0) / PAGE_ROWS);
}

function emptyTitle({ result, code, number }: ItemFilter): string {
  if (number !== undefined) return `Ticket ${count(number)} is not among these items`;
  if (code !== undefined) return "No item ended like that";
  return result === "failed"
    ? "No item has failed"
    : result === "unprocessed"
      ? "Nothing is left"
      : "No tickets matched";
}
