/**
 * Which tickets someone has selected. `marked` are those that are; where all that match are selected, it is those that
 * were taken out again.
 */
export type Selection = { isAll: boolean; marked: ReadonlySet<string> };

export const NOTHING: Selection = { isAll: false, marked: new Set() };
export const EVERYTHING: Selection = { isAll: true, marked: new Set() };

export function isNothing({ isAll, marked }: Selection): boolean {
  return !isAll && marked.size === 0;
}

export function has({ isAll, marked }: Selection, id: string): boolean {
  return marked.has(id) !== isAll;
}

/** Select these, or take them out. */
export function withRows({ isAll, marked }: Selection, ids: readonly string[], isWanted: boolean): Selection {
  const next = new Set(marked);
  for (const id of ids) {
    if (isWanted === isAll) next.delete(id);
    else next.add(id);
  }
  return { isAll, marked: next };
}

/** Return how many are selected; undefined as long as nobody knows how many match. */
export function sizeOf({ isAll, marked }: Selection, matching: number | undefined): number | undefined {
  if (!isAll) return marked.size;
  return matching === undefined ? undefined : Math.max(0, matching - marked.size);
}

/** Return the rows from one to another, whichever comes first; the second alone where the first is on another page. */
export function rangeOf(ids: readonly string[], from: string | null, to: string): string[] {
  const ends = [ids.indexOf(from ?? to), ids.indexOf(to)];
  if (ends.includes(-1)) return [to];
  return ids.slice(Math.min(...ends), Math.max(...ends) + 1);
}

export function shareOf(selection: Selection, ids: readonly string[]): "all" | "some" | "none" {
  const selected = ids.filter((id) => has(selection, id)).length;
  if (selected === 0) return "none";
  return selected === ids.length ? "all" : "some";
}
