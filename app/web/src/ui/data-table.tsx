import { Fragment, type ReactNode } from "react";
import classes from "./data-table.module.css";

export type Column<Row> = {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** A CSS width; columns without share what is left. */
  width?: string;
  align?: "end";
  /**
   * Where it stands in a narrow window, where a row is two lines: on the first one the title and one thing aside, on
   * the second the others, one of which may fill what is left. "hidden" is what would be too much.
   */
  narrow: "title" | "aside" | "meta" | "fill" | "hidden";
};

type Props<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  isChosen?: (row: Row) => boolean;
  /** What opens below a row; null below those that are closed. */
  details?: (row: Row) => ReactNode;
};

export function DataTable<Row>({ caption, columns, rows, keyOf, isChosen, details }: Props<Row>) {
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">{caption}</caption>
      <colgroup>
        {columns.map(({ id, width }) => (
          <col key={id} style={{ width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map(({ id, header, align }) => (
            <th key={id} scope="col" data-align={align}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Fragment key={keyOf(row)}>
            <tr data-chosen={isChosen?.(row)}>
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
