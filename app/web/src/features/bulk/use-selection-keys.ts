import { useKeys } from "../../ui/use-keys";
import { has } from "./selection";
import type { Selecting } from "./use-selection";

/** `x` selects the row one is at or takes it out, `Shift+j` and `Shift+k` a range from there. */
export function useSelectionKeys(selecting: Selecting, ids: readonly string[]): void {
  const extend = (step: "j" | "k") => {
    const from = currentBox();
    const to = from && neighbour(from, step);
    if (!from || !to) return;
    selecting.mark(idOf(from), true);
    selecting.mark(idOf(to), true);
    focusRowOf(to);
  };
  useKeys(
    selecting.isAllowed && ids.length > 0
      ? {
          x: () => {
            const box = currentBox();
            if (box) selecting.mark(idOf(box), !has(selecting.selection, idOf(box)));
          },
          J: () => {
            extend("j");
          },
          K: () => {
            extend("k");
          },
        }
      : {},
  );
}

/** Return the checkbox of the row that has the focus, or is open beside the list. */
function currentBox(): HTMLElement | null {
  const focused = document.activeElement?.closest("tr");
  return boxIn(focused) ?? boxIn(document.querySelector("tr[aria-current]"));
}

function neighbour(box: HTMLElement, step: "j" | "k"): HTMLElement | null {
  const row = box.closest("tr");
  return boxIn(step === "j" ? row?.nextElementSibling : row?.previousElementSibling);
}

function boxIn(row: Element | null | undefined): HTMLElement | null {
  return row?.querySelector<HTMLElement>("[data-select]") ?? null;
}

/** Take the focus along: to the row's link, where there is one. */
function focusRowOf(box: HTMLElement): void {
  const link = box.closest("tr")?.querySelector<HTMLElement>("[data-row-link]");
  (link ?? box).focus();
}

function idOf(box: HTMLElement): string {
  return box.dataset.select ?? "";
}
