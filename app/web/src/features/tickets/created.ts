import { beginOf, dayOf, lastDayBefore } from "../../ui/days";
import { exactDay } from "../../ui/format";
import type { Filter } from "./search";

type Created = Pick<Filter, "createdAfter" | "createdBefore">;

/** Ranges that end now, by how many days they go back; of days as the browser's clock has them. */
export const RANGES = [
  { id: "today", label: "Today", days: 0 },
  { id: "week", label: "Last 7 days", days: 7 },
  { id: "month", label: "Last 30 days", days: 30 },
] as const;

export const ANY_TIME: Created = { createdAfter: undefined, createdBefore: undefined };

export function since(days: number, now: Date): Created {
  const start = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  return { createdAfter: start.toISOString(), createdBefore: undefined };
}

/** Return the range that a filter has, "custom" for one of other days, "any" for none. */
export function rangeOf({ createdAfter, createdBefore }: Created, now: Date) {
  if (createdAfter === undefined && createdBefore === undefined) return "any";
  const named = RANGES.find(({ days }) => isSame(createdAfter, since(days, now).createdAfter));
  return createdBefore === undefined && named ? named.id : "custom";
}

export function createdWords(created: Created, now: Date): string | undefined {
  const { createdAfter, createdBefore } = created;
  const range = rangeOf(created, now);
  if (range === "any") return undefined;
  if (range !== "custom") return RANGES.find(({ id }) => id === range)?.label;
  if (createdBefore === undefined) return `Since ${exactDay(createdAfter ?? "")}`;
  const until = exactDay(beginOf(lastDayBefore(createdBefore)) ?? createdBefore);
  return createdAfter === undefined ? `Until ${until}` : `${exactDay(createdAfter)} – ${until}`;
}

/** Days as a date field has them, both included, to the times that bound them. */
export function fromDays(from: string, until: string): Created {
  return { createdAfter: beginOf(from), createdBefore: beginOf(until, 1) };
}

/** The reverse of `fromDays`. */
export function toDays({ createdAfter, createdBefore }: Created): { from: string; until: string } {
  return { from: dayOf(createdAfter), until: lastDayBefore(createdBefore) };
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && Date.parse(one) === Date.parse(other);
}
