const WHOLE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** Units, one and several, and how many of each make the next one. */
const SPANS = [
  ["s", "s", 60],
  ["min", "min", 60],
  ["h", "h", 24],
  ["day", "days", 30],
  ["month", "months", 12],
  ["year", "years", Infinity],
] as const;

export function count(number: number): string {
  return WHOLE.format(number);
}

/** "1 ticket", "12,431 tickets" */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

export function percent(whole: number): string {
  return `${whole} %`;
}

export function exactTime(time: Date): string {
  return EXACT.format(time);
}

export function exactDay(time: string): string {
  return DAY.format(new Date(time));
}

export function clockTime(time: Date): string {
  return CLOCK.format(time);
}

/** How many characters a time of day has at most, be it in the morning or in the evening. */
export const CLOCK_CHARS = Math.max(
  ...[10, 22].map((hour) => clockTime(new Date(2000, 0, 1, hour, 22, 22)).length),
);

/** "3 min" for what was that long ago, "in 2 h" for what is to come. */
export function relativeTime(time: Date, now: Date): string {
  const ahead = (time.getTime() - now.getTime()) / 1000;
  if (Math.abs(ahead) < 10) return "now";
  return ahead > 0 ? `in ${span(ahead)}` : span(-ahead);
}

/** "3 min ago", "in 2 h", "just now" */
export function timeAgo(time: Date, now: Date): string {
  const relative = relativeTime(time, now);
  if (relative === "now") return "just now";
  return time > now ? relative : `${relative} ago`;
}

function span(seconds: number): string {
  let amount = seconds;
  for (const [one, several, size] of SPANS) {
    const whole = Math.round(amount);
    if (whole < size) return `${count(whole)} ${whole === 1 ? one : several}`;
    amount /= size;
  }
  return "";
}

/** "41 s", "3 min 20 s", "2 h 5 min", and from two days on "13 d 20 h" */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const hours = Math.floor(whole / 3600);
  if (hours < 48) return `${hours} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${count(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** "in progress" for `in_progress` */
export function words(name: string): string {
  return name.replaceAll("_", " ").replaceAll("-", " ");
}

/** "an admin", "a requester" */
export function articled(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
