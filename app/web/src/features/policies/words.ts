import { capitalized } from "../../ui/format";
import type { Policy } from "./queries";

/** "4 h", "1 h 30 min", "3 days"; of hours that count. */
export function minutesWords(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor((minutes % 1440) / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit === "day" && amount > 1 ? "days" : unit}`)
    .join(" ");
}

/** "Urgent or high, with tag vip or press", "Any ticket" */
export function scopeWords({ priorities, tags }: Pick<Policy, "priorities" | "tags">): string {
  const which = capitalized(priorities.join(" or ")) || "Any ticket";
  return tags.length === 0 ? which : `${which}, with tag ${tags.join(" or ")}`;
}
