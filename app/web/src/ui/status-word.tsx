import { capitalized, words } from "./format";
import classes from "./ui.module.css";

export type Tone = "plain" | "live" | "good" | "warn" | "bad";

const TONES: Record<string, Tone> = {
  open: "live",
  in_progress: "warn",
  pending: "plain",
  resolved: "good",
  closed: "plain",
  pending_approval: "warn",
  approved: "live",
  rejected: "bad",
  fulfilled: "good",
  queued: "plain",
  scheduled: "plain",
  running: "live",
  paused: "warn",
  completed: "good",
  failed: "bad",
  canceled: "plain",
  succeeded: "good",
  unprocessed: "plain",
  delivered: "good",
  skipped: "plain",
  on: "good",
  failing: "warn",
  off: "bad",
  active: "good",
  deactivated: "plain",
  low: "warn",
};

/** A state as a word with a dot beside it, never as a colour alone. */
export function StatusWord({ status, word = words(status) }: { status: string; word?: string }) {
  return (
    <span className={classes.status} data-tone={TONES[status] ?? "plain"}>
      {capitalized(word)}
    </span>
  );
}
