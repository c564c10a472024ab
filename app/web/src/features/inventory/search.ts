import { someOf, textOf, truthOf, type RawSearch } from "../../search";

export const KINDS = ["received", "issued", "adjusted"] as const;

/** What the address of the list says: the parameters of GET /api/inventory/on-hand, by their names. */
export type StockSearch = { low?: boolean; cursor?: string };
/** The same of GET /api/inventory/movements. */
export type LedgerSearch = { kind?: (typeof KINDS)[number]; cursor?: string };

export function stockSearch(raw: RawSearch): StockSearch {
  return { low: truthOf(raw.low), cursor: textOf(raw.cursor) };
}

export function ledgerSearch(raw: RawSearch): LedgerSearch {
  return { kind: someOf(KINDS, raw.kind)?.[0], cursor: textOf(raw.cursor) };
}
