import { useRef, type RefObject } from "react";
import { useKeys } from "./use-keys";

/** Let "j" and "k" lead from row to row: the focus moves to the button that each row has for what one does with it. */
export function useRowKeys(screen: string): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);

  function move(step: 1 | -1) {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-button]") ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), buttons.length - 1);
    buttons[next]?.focus();
  }

  useKeys(
    {
      j: {
        does: "Next row",
        run: () => {
          move(1);
        },
      },
      k: {
        does: "Row before",
        run: () => {
          move(-1);
        },
      },
    },
    screen,
  );
  return list;
}
