import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useRef, type RefObject } from "react";
import { heightOf, scaleOf } from "./scale";

type Rows = Virtualizer<HTMLDivElement, HTMLDivElement>;

export type VisibleRow = { index: number; top: number };

/** What the virtualizer counts: it measures all that it counts at once, which of a million rows takes too long. */
const BLOCK_ROWS = 10;

/** Return which of many rows of one height are in sight, and where each stands in a box that may be less high than all. */
export function useRows(count: number, rowPx: number) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing that it returns is passed on
  const rows = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: Math.ceil(count / BLOCK_ROWS),
    getScrollElement: () => scroller.current,
    estimateSize: (block) => rowsIn(block, count) * rowPx,
    overscan: 1,
    observeElementOffset,
  });
  const totalPx = count * rowPx;
  const offset = rows.scrollOffset ?? 0;
  const shift = offset - offset / scaleOf(totalPx, rows.scrollRect?.height ?? 0);
  const visible = rows
    .getVirtualItems()
    .flatMap(({ index: block }) =>
      Array.from({ length: rowsIn(block, count) }, (_, row) => block * BLOCK_ROWS + row),
    )
    .map((index) => ({ index, top: Math.round(index * rowPx - shift) }));
  return { scroller: scroller as RefObject<HTMLDivElement>, heightPx: heightOf(totalPx), visible };
}

function rowsIn(block: number, count: number): number {
  return Math.min(BLOCK_ROWS, count - block * BLOCK_ROWS);
}

function observeElementOffset(rows: Rows, report: (offset: number, isScrolling: boolean) => void) {
  const element = rows.scrollElement;
  if (!element) return;
  const scrolled = () => {
    report(element.scrollTop * scaleOf(rows.getTotalSize(), element.clientHeight), false);
  };
  scrolled();
  element.addEventListener("scroll", scrolled, { passive: true });
  return () => {
    element.removeEventListener("scroll", scrolled);
  };
}
