import { someOf, textOf, type RawSearch } from "../../search";

/** What the address of a job says: which of its items are shown, by the names of the API's parameters. */
export type ItemFilter = { result?: "failed" | "unprocessed"; code?: string; number?: number };

export function itemFilter(raw: RawSearch): ItemFilter {
  const number = Number(raw.number);
  return {
    result: someOf(["failed", "unprocessed"] as const, raw.result)?.[0],
    code: textOf(raw.code),
    number: Number.isSafeInteger(number) && number > 0 ? number : undefined,
  };
}
