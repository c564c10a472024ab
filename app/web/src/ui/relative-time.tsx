import { useSyncExternalStore } from "react";
import { exactTime, relativeTime } from "./format";

const TICK_MS = 10_000;

type Props = { at: string; words?: (time: Date, now: Date) => string };

export function RelativeTime({ at, words = relativeTime }: Props) {
  const now = useNow();
  const time = new Date(at);
  return (
    <time dateTime={at} title={exactTime(time)}>
      {words(time, new Date(now))}
    </time>
  );
}

function useNow(): number {
  return useSyncExternalStore(tick, currentTick);
}

function tick(changed: () => void): () => void {
  const timer = setInterval(changed, TICK_MS);
  return () => {
    clearInterval(timer);
  };
}

function currentTick(): number {
  return Math.ceil(Date.now() / TICK_MS) * TICK_MS;
}
