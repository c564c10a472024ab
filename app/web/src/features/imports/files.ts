import type { Fault } from "./queries";

export const MEDIA_TYPES = { csv: "text/csv", ndjson: "application/x-ndjson" } as const;

/** Tell by its name how a file is to be read: some systems know no media type of either. */
export function formatOf(name: string): keyof typeof MEDIA_TYPES {
  return /\.(ndjson|jsonl)$/i.test(name) ? "ndjson" : "csv";
}

/** Write faults as CSV (RFC 4180). */
export function csvOf(faults: readonly Fault[]): string {
  const rows = faults.map(({ line, column, code, message }) => [String(line), column ?? "", code, message]);
  return [["line", "column", "code", "message"], ...rows]
    .map((row) => `${row.map(quoted).join(",")}\r\n`)
    .join("");
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
