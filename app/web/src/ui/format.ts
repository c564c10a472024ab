const WHOLE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const RELATIVE = new Intl.RelativeTimeFormat("en", { style: "short", numeric: "auto" });

const SPANS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Infinity],
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

export function clockTime(time: Date): string {
  return CLOCK.format(time);
}

/** "3 min. ago", "in 2 hr." */
export function relativeTime(time: Date, now: Date): string {
  let amount = (time.getTime() - now.getTime()) / 1000;
  if (Math.abs(amount) < 10) return "now";
  for (const [unit, size] of SPANS) {
    if (Math.abs(Math.round(amount)) < size) return RELATIVE.format(Math.round(amount), unit);
    amount /= size;
  }
  return EXACT.format(time);
}

/** "41 s", "3 min 20 s", "2 h 5 min" */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${count(Math.floor(whole / 3600))} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** "in progress" for `in_progress` */
export function words(name: string): string {
  return name.replaceAll("_", " ").replaceAll("-", " ");
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
