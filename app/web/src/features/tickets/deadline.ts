import { relativeTime } from "../../ui/format";

/** "in 2 h" for a deadline that is to come, "3 h late" for one that has passed. */
export function deadlineWords(due: Date, now: Date): string {
  const relative = relativeTime(due, now);
  return relative === "now" || due > now ? relative : `${relative} late`;
}
