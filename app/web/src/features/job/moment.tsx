import { clockTime, exactDay, exactTime } from "../../ui/format";

/** A time of today by the clock, another by its day; whole on hover. */
export function Moment({ at }: { at: string }) {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={exactTime(time)}>
      {isToday ? clockTime(time) : exactDay(at)}
    </time>
  );
}
