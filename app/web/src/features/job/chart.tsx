import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useLive } from "../../live/queries";
import { count } from "../../ui/format";
import classes from "./job.module.css";
import { Plot } from "./plot";
import type { Job } from "./queries";

/** Hands each event to the plot, which draws by itself: React renders nothing but the words. */
export default function Chart({ job }: { job: Job }) {
  const { updatedAt, processed, status, ratePerSecond } = useLive(job);
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  const scheme = useComputedColorScheme();

  useEffect(() => {
    if (!host.current) return;
    const made = new Plot(host.current);
    plot.current = made;
    return () => {
      made.destroy();
    };
  }, []);
  useEffect(() => {
    plot.current?.add({ atMs: Date.parse(updatedAt), processed, isRunning: status === "running" });
  }, [updatedAt, processed, status]);
  useEffect(() => {
    plot.current?.redraw();
  }, [scheme]);

  const rate = status === "running" ? (ratePerSecond ?? 0) : 0;
  return (
    <div ref={host} className={classes.plot} role="img" aria-label={`${count(rate)} tickets a second`}>
      <span className={classes.measuring}>Measuring…</span>
    </div>
  );
}
