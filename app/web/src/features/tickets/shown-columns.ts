import type { ListColumn } from "./search";

export const USUAL_COLUMNS: readonly ListColumn[] = [
  "number",
  "title",
  "status",
  "priority",
  "assignee",
  "due",
  "updated",
];

/** Return which columns a list has. The title is always there: it is what opens a ticket. */
export function shownColumns(wanted: readonly ListColumn[] = USUAL_COLUMNS): readonly ListColumn[] {
  const unique = [...new Set(wanted)];
  return unique.includes("title") ? unique : ["title", ...unique];
}
