import type { ReactNode } from "react";
import classes from "./ui.module.css";

/** There is nothing, which is no error: says why, and what one can do. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.state}>
      <h2>{title}</h2>
      {children && <div className={classes.quiet}>{children}</div>}
    </div>
  );
}
