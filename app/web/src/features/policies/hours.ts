import type { Schemas } from "../../api/client";

type Opening = Schemas["Opening"];

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LINE = /^([a-z]+)(?:\s*[-–]\s*([a-z]+))?\s+([0-9]{1,2}:[0-9]{2})\s*[-–]\s*([0-9]{1,2}:[0-9]{2})$/i;

/** Write opening hours a line each, days of the same hours that follow each other as one: "Mon-Fri 09:00-17:00". */
export function hoursText(hours: readonly Opening[]): string {
  const timesOf = ({ opens, closes }: Opening) => `${opens}-${closes}`;
  return [...new Set(hours.map(timesOf))]
    .flatMap((times) =>
      daysWords(hours.filter((one) => timesOf(one) === times)).map((days) => `${days} ${times}`),
    )
    .join("\n");
}

/** The reverse of `hoursText`; the first line that makes no sense, where there is one. */
export function hoursOf(text: string): { hours: Opening[]; wrong?: string } {
  const hours: Opening[] = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "") continue;
    const [, first, last, opens = "", closes = ""] = LINE.exec(line) ?? [];
    const from = dayOf(first);
    const until = last === undefined ? from : dayOf(last);
    if (from === 0 || until < from) return { hours, wrong: line };
    for (let weekday = from; weekday <= until; weekday += 1)
      hours.push({ weekday, opens: opens.padStart(5, "0"), closes: closes.padStart(5, "0") });
  }
  return { hours };
}

/** 1 is Monday; 0 is no day of the week. */
function dayOf(name = ""): number {
  return DAYS.findIndex((day) => name.toLowerCase().startsWith(day.toLowerCase())) + 1;
}

function daysWords(hours: readonly Opening[]): string[] {
  const runs: [number, number][] = [];
  for (const weekday of hours.map((one) => one.weekday).toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.[1] === weekday - 1) run[1] = weekday;
    else runs.push([weekday, weekday]);
  }
  return runs.map(([from, until]) => [...new Set([DAYS[from - 1], DAYS[until - 1]])].join("-"));
}
