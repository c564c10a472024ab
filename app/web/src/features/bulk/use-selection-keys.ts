import { moveCursor, rowUnderCursor } from "../../ui/row-cursor";
import { useKeys, type Keys } from "../../ui/use-keys";
import { has } from "./selection";
import type { Selecting } from "./use-selection";

/** `x` selects the row one is at or takes it out, `Shift+j` and `Shift+k` a range from there. */
export function useSelectionKeys(selecting: Selecting): void {
  useKeys(selecting.isAllowed ? keysOf(selecting) : {}, "Selection");
}

function keysOf({ selection, mark, markPage }: Selecting): Keys {
  const extend = (by: 1 | -1) => {
    const from = rowUnderCursor();
    const to = from && moveCursor(by);
    if (from && to) markPage([from, to], true);
  };
  return {
    x: {
      does: "Select the row, or take it out",
      run: () => {
        const id = rowUnderCursor();
        if (id) mark(id, !has(selection, id));
      },
    },
    J: {
      does: "Select on to the next row",
      run: () => {
        extend(1);
      },
    },
    K: {
      does: "Select on to the row before",
      run: () => {
        extend(-1);
      },
    },
  };
}
