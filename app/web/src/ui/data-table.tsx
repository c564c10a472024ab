import { Fragment, type ReactNode } from "react";
import { ColumnHeader } from "./column-header";
import classes from "./data-table.module.css";

export type Column<Row> = {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** A CSS width; columns without share what is left. */
  width?: string;
  align?: "end";
  /** What its header sorts by. */
  sortsBy?: string;
  /**
   * Where it stands in a narrow window, where a row is two lines: on the first one what leads it, the title and one
   * thing aside, on the second the others, one of which may fill what is left. "hidden" is what would be too much.
   */
  narrow: "lead" | "title" | "aside" | "meta" | "fill" | "hidden";
};

/** By which field a list is sorted; with a minus sign before it, downwards. */
export type Sorting = { sort: string; onSort: (sort: string) => void };

type Props<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  isChosen?: (row: Row) => boolean;
  /** What opens below a row; null below those that are closed. */
  details?: (row: Row) => ReactNode;
  /** The key of the row that is open beside the list. */
  openKey?: string | undefined;
  sorting?: Sorting;
};

/**
 * A row that leads somewhere has an `<a data-row-link>` in one of its cells: that takes clicks on the whole row, and has
 * the focus while the cursor is on the row (see row-cursor.ts). In other rows a `<button data-row-button>` has it.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  isChosen,
  openKey,
  sorting,
  details,
}: Props<Row>) {
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">{caption}</caption>
      <colgroup>
        {columns.map(({ id, width, narrow }) => (
          <col key={id} data-narrow={narrow} style={{ width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map(({ id, header, align, narrow, sortsBy }) => (
            <ColumnHeader
              key={id}
              header={header}
              align={align}
              narrow={narrow}
              field={sortsBy}
              sorting={sorting}
            />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Fragment key={keyOf(row)}>
            <tr
              data-key={keyOf(row)}
              data-chosen={isChosen?.(row)}
              aria-current={keyOf(row) === openKey || undefined}
            >
              {columns.map(({ id, cell, align, narrow }) => (
                <td key={id} data-align={align} data-narrow={narrow}>
                  {cell(row)}
                </td>
              ))}
            </tr>
            <Details width={columns.length}>{details?.(row)}</Details>
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Details({ width, children }: { width: number; children: ReactNode }) {
  if (!children) return null;
  return (
    <tr className={classes.details}>
      <td colSpan={width}>{children}</td>
    </tr>
  );
}
