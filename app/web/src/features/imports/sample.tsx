import type { Schemas } from "../../api/client";
import { DataTable, type Column } from "../../ui/data-table";
import { capitalized, count } from "../../ui/format";
import { StatusWord } from "../../ui/status-word";
import classes from "./imports.module.css";

type Row = Schemas["SampleResponse"];

const columns: Column<Row>[] = [
  { id: "line", header: "Line", width: "80px", narrow: "lead", cell: ({ line }) => count(line) },
  { id: "title", header: "Title", narrow: "title", cell: ({ title }) => <span title={title}>{title}</span> },
  {
    id: "status",
    header: "Status",
    width: "128px",
    narrow: "meta",
    cell: ({ status }) => <StatusWord status={status} />,
  },
  {
    id: "priority",
    header: "Priority",
    width: "96px",
    narrow: "meta",
    cell: ({ priority }) => capitalized(priority),
  },
  { id: "tags", header: "Tags", width: "16%", narrow: "hidden", cell: ({ tags }) => tags.join(", ") },
  {
    id: "contact",
    header: "Contact",
    width: "20%",
    narrow: "fill",
    cell: ({ contactName, contactEmail }) => contactName ?? contactEmail,
  },
  {
    id: "externalId",
    header: "External id",
    width: "128px",
    narrow: "hidden",
    cell: ({ externalId }) => externalId,
  },
];

/** The first rows, as the tickets that they would be. */
export function Sample({ rows }: { rows: Row[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="sample">
      <div className={classes.sectionHead}>
        <h2 id="sample">The first tickets</h2>
      </div>
      <DataTable
        caption="The first tickets"
        columns={columns}
        rows={rows}
        keyOf={({ line }) => String(line)}
      />
    </section>
  );
}
