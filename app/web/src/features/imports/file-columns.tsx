import type { Schemas } from "../../api/client";
import classes from "./imports.module.css";

/** Which field of a ticket each column fills. */
export function FileColumns({ columns }: { columns: Schemas["ColumnResponse"][] }) {
  if (columns.length === 0) return null;
  return (
    <section aria-labelledby="columns">
      <div className={classes.sectionHead}>
        <h2 id="columns">Columns</h2>
      </div>
      <dl className={classes.columns}>
        {columns.map(({ name, field }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{field ?? <span className={classes.quiet}>left out</span>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
