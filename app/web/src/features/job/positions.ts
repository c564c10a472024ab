import type { ItemFilter } from "./search";

/** The positions that the pages of a filtered list begin at, as far as is known, and how many rows it has in all. */
export type Chain = { starts: readonly number[]; end: number | null };

/** Of all items, the one in row n is at position n. Of some, only the page before says where a page begins. */
export function isSparse({ result, code, number }: ItemFilter): boolean {
  return result !== undefined || code !== undefined || number !== undefined;
}

export function startOf({ starts }: Chain, page: number): number | undefined {
  return starts[page];
}

/** Return the number of rows; of a list whose end is not known, one page more than has been read. */
export function rowsOf({ starts, end }: Chain, pageRows: number): number {
  return end ?? starts.length * pageRows;
}

/**
 * Add what a page has told: where the next one begins, or that there is none, and so how many rows there are.
 * What was known of later pages is good as long as the next one begins where it did.
 */
export function withPage(chain: Chain, page: number, next: number | null, rows: number): Chain {
  if (next === null) return { starts: chain.starts.slice(0, page + 1), end: rows };
  if (chain.starts[page + 1] === next) return chain;
  return { starts: [...chain.starts.slice(0, page + 1), next], end: null };
}
