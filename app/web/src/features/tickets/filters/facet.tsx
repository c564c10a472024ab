import { Button, Popover } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./filters.module.css";

export type Layout = "bar" | "sheet";

type Props = {
  /** What is filtered by, as in "Status". */
  name: string;
  /** What stands on the button, as in "Any status", or "Open". */
  words: string;
  isSet: boolean;
  layout: Layout;
  children: ReactNode;
};

/** One thing to filter by: a button that opens its choices, or in a sheet the choices themselves. */
export function Facet({ name, words, isSet, layout, children }: Props) {
  if (layout === "sheet") {
    return (
      <fieldset className={classes.fieldset}>
        <legend>{name}</legend>
        {children}
      </fieldset>
    );
  }
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus transitionProps={{ duration: 100 }}>
      <Popover.Target>
        <Button variant="default" size="compact-md" className={classes.facet} data-set={isSet || undefined}>
          {isSet && <span className="visually-hidden">{name}: </span>}
          <span className={classes.words}>{words}</span>
          <span aria-hidden className={classes.arrow} />
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>{children}</Popover.Dropdown>
    </Popover>
  );
}
