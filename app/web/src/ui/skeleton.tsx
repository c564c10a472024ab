import classes from "./ui.module.css";

/** Stands where rows will be, in their size. */
export function SkeletonRows({ rows = 20 }: { rows?: number }) {
  return (
    <div aria-busy="true" className={classes.skeletons}>
      <span className="visually-hidden">Loading…</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={classes.skeletonRow}>
          <span style={{ width: `${30 + ((index * 37) % 45)}%` }} />
        </div>
      ))}
    </div>
  );
}
