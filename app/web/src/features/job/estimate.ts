import { duration } from "../../ui/format";
import type { Job } from "./queries";

const SETTLING_MS = 2_000; // a rate of less time says little

/** "about 41 s left"; nothing while that would be guessing. Both times are the server's, so its clock does not matter. */
export function estimateWords({
  status,
  etaSeconds,
  startedAt,
  updatedAt,
}: Pick<Job, "status" | "etaSeconds" | "startedAt" | "updatedAt">): string | null {
  if (status !== "running" || etaSeconds === null || startedAt === null) return null;
  if (Date.parse(updatedAt) - Date.parse(startedAt) < SETTLING_MS) return null;
  return `about ${duration(Math.max(1, etaSeconds))} left`;
}

/** "3 min 20 s": how long an ended job has taken. */
export function tookWords({ startedAt, finishedAt }: Pick<Job, "startedAt" | "finishedAt">): string | null {
  if (startedAt === null || finishedAt === null) return null;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return seconds < 1 ? "less than a second" : duration(seconds);
}
