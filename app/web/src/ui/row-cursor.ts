/** The key of the row that has the focus, or is open beside the list. */
export function rowUnderCursor(): string | undefined {
  return currentRow()?.dataset.key;
}

/** Move the focus to the link of the row below or above; return that row's key, if there is one. */
export function moveCursor(by: 1 | -1): string | undefined {
  const rows = [...document.querySelectorAll<HTMLElement>("tr[data-key]")];
  const current = rows.findIndex((row) => row === currentRow());
  const next = current === -1 ? rows[0] : rows[current + by];
  next?.querySelector<HTMLElement>("a[data-row-link]")?.focus();
  return next?.dataset.key;
}

function currentRow(): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>("tr[data-key]");
  return focused ?? document.querySelector<HTMLElement>("tr[data-key][aria-current]");
}
