import { count } from "./format";
import classes from "./ui.module.css";

type Props = { label: string; succeeded: number; failed: number; total: number | null; isPaused?: boolean };

/** What has succeeded, what has failed, and what is left. */
export function Bar({ label, succeeded, failed, total, isPaused = false }: Props) {
  const done = succeeded + failed;
  const text = total === null ? "counting" : `${count(done)} of ${count(total)}, ${count(failed)} failed`;
  return (
    <div
      className={classes.bar}
      data-paused={isPaused || undefined}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total ?? 1}
      aria-valuenow={total === null ? undefined : done}
      aria-valuetext={text}
    >
      <div className={classes.succeeded} style={{ transform: `scaleX(${share(succeeded, total)})` }} />
      <div
        className={classes.failed}
        style={{
          transform: `translateX(${share(succeeded, total) * 100}%) scaleX(${share(failed, total)})`,
        }}
      />
    </div>
  );
}

function share(part: number, total: number | null): number {
  return total ? part / total : 0;
}
