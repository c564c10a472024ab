import { useKeys } from "./use-keys";

/** What of a row has the focus while the cursor is on the row: the link that it leads to, or what one does with it. */
const HANDLE = "[data-row-link], [data-row-button]";

/** Let "j" and "k" lead from row to row; `onMoved` is told the key of the row that the cursor has come to. */
export function useRowKeys(screen: string, onMoved?: (key: string) => void): void {
  const move = (by: 1 | -1) => {
    const key = moveCursor(by);
    if (key !== undefined) onMoved?.(key);
  };
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
}

/** The key of the row that has the focus, or is open beside the list. */
export function rowUnderCursor(): string | undefined {
  return currentRow()?.dataset.key;
}

/** Move the cursor to the row below or above; return that row's key, if there is one. */
export function moveCursor(by: 1 | -1): string | undefined {
  const rows = [...document.querySelectorAll<HTMLElement>("tr[data-key]")];
  const current = rows.findIndex((row) => row === currentRow());
  const next = current === -1 ? rows[0] : rows[current + by];
  next?.querySelector<HTMLElement>(HANDLE)?.focus();
  return next?.dataset.key;
}

/** Move the cursor to a row, if it is there. */
export function focusRow(key: string): void {
  const row = document.querySelector(`tr[data-key="${CSS.escape(key)}"]`);
  row?.querySelector<HTMLElement>(HANDLE)?.focus();
}

function currentRow(): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>("tr[data-key]");
  return focused ?? document.querySelector<HTMLElement>("tr[data-key][aria-current]");
}
