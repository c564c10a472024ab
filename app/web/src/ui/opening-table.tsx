import { createContext, use, useState, type ReactNode } from "react";
import { DataTable, type Column } from "./data-table";
import classes from "./opening-table.module.css";
import { useRowKeys } from "./row-cursor";

type Id = string | number;

const Opening = createContext<{ open: ReadonlySet<Id>; toggle: (id: Id) => void }>({
  open: new Set(),
  toggle: () => undefined,
});

type Props<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  details: (row: Row) => ReactNode;
};

/** A table whose rows have more to show below them, each opened by the `Opener` in one of its cells. */
export function OpeningTable<Row extends { id: Id }>({ caption, columns, rows, details }: Props<Row>) {
  const [open, setOpen] = useState<ReadonlySet<Id>>(new Set());
  useRowKeys(caption);

  function toggle(id: Id) {
    setOpen((old) => new Set(old.has(id) ? [...old].filter((other) => other !== id) : [...old, id]));
  }

  return (
    <Opening value={{ open, toggle }}>
      <DataTable
        caption={caption}
        columns={columns}
        rows={rows}
        keyOf={({ id }) => String(id)}
        details={(row) => open.has(row.id) && details(row)}
      />
    </Opening>
  );
}

type OpenerProps = { id: Id; label?: string; className?: string | undefined; children?: ReactNode };

export function Opener({ id, label, className = classes.opener, children }: OpenerProps) {
  const { open, toggle } = use(Opening);
  return (
    <button
      type="button"
      data-row-button
      aria-expanded={open.has(id)}
      aria-label={label}
      className={className}
      onClick={() => {
        toggle(id);
      }}
    >
      {children}
    </button>
  );
}
