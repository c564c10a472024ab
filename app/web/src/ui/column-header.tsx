import type { ReactNode } from "react";
import type { Sorting } from "./data-table";
import classes from "./data-table.module.css";
import { directionOf, nextSort } from "./sort";

type Props = {
  header: ReactNode;
  align: "end" | undefined;
  narrow: string;
  field: string | undefined;
  sorting: Sorting | undefined;
};

/** The head of a column: what it is called, and for some a button that sorts by it. */
export function ColumnHeader({ header, align, narrow, field, sorting }: Props) {
  if (field === undefined || sorting === undefined) {
    return (
      <th scope="col" data-align={align} data-narrow={narrow}>
        {header}
      </th>
    );
  }
  const direction = directionOf(sorting.sort, field);
  return (
    <th scope="col" data-align={align} data-narrow={narrow} aria-sort={direction}>
      <button
        type="button"
        className={classes.sort}
        onClick={() => {
          sorting.onSort(nextSort(sorting.sort, field));
        }}
      >
        {header}
        <span aria-hidden>{ARROWS[direction]}</span>
      </button>
    </th>
  );
}

const ARROWS = { ascending: "↑", descending: "↓", none: "" };
