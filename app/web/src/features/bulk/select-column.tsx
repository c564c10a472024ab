import type { ChangeEvent } from "react";
import type { Column } from "../../ui/data-table";
import type { Ticket } from "../tickets/queries";
import classes from "./bar.module.css";
import { has, shareOf } from "./selection";
import type { Selecting } from "./use-selection";

/** Put a column of checkboxes before the others, for those who may do something with a selection. */
export function selectable(
  columns: readonly Column<Ticket>[],
  rows: readonly Ticket[],
  selecting: Selecting,
): readonly Column<Ticket>[] {
  if (!selecting.isAllowed) return columns;
  const ids = rows.map(({ id }) => id);
  const column: Column<Ticket> = {
    id: "select",
    header: <PageBox ids={ids} selecting={selecting} />,
    width: "40px",
    narrow: "lead",
    cell: (ticket) => <RowBox ticket={ticket} ids={ids} selecting={selecting} />,
  };
  return [column, ...columns];
}

function PageBox({ ids, selecting }: { ids: string[]; selecting: Selecting }) {
  const share = shareOf(selecting.selection, ids);
  return (
    <label className={classes.box}>
      <input
        type="checkbox"
        aria-label="Select all on this page"
        checked={share === "all"}
        ref={(box) => {
          if (box) box.indeterminate = share === "some";
        }}
        onChange={({ currentTarget }) => {
          selecting.markPage(ids, currentTarget.checked);
        }}
      />
    </label>
  );
}

type RowBoxProps = { ticket: Ticket; ids: string[]; selecting: Selecting };

function RowBox({ ticket: { id, number }, ids, selecting }: RowBoxProps) {
  return (
    <label className={classes.box}>
      <input
        type="checkbox"
        aria-label={`Select #${number}`}
        checked={has(selecting.selection, id)}
        onChange={(event) => {
          selecting.mark(id, event.currentTarget.checked, isWithShift(event) ? ids : undefined);
        }}
      />
    </label>
  );
}

function isWithShift({ nativeEvent }: ChangeEvent): boolean {
  return nativeEvent instanceof MouseEvent && nativeEvent.shiftKey; // Space is a click, too
}
