import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./ui.module.css";

/** What a list is narrowed to. */
export function Filters({ onClear, children }: { onClear: (() => void) | false; children: ReactNode }) {
  return (
    <div role="group" aria-label="Filters" className={classes.filters}>
      {children}
      {onClear && (
        <Button size="compact-sm" variant="subtle" onClick={onClear}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
