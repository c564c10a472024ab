/** Days as date fields have them ("2026-11-24"), and moments as addresses do, in the time zone of whoever looks. */
export function dayOf(moment: string | undefined): string {
  if (moment === undefined) return "";
  const time = new Date(moment);
  const padded = (part: number, digits: number) => String(part).padStart(digits, "0");
  return `${padded(time.getFullYear(), 4)}-${padded(time.getMonth() + 1, 2)}-${padded(time.getDate(), 2)}`;
}

/** Return when a day begins, or the one that many days later; undefined for no day. */
export function beginOf(day: string, daysLater = 0): string | undefined {
  const time = new Date(`${day}T00:00`);
  if (Number.isNaN(time.getTime())) return undefined;
  time.setDate(time.getDate() + daysLater);
  return time.toISOString();
}

/** Return the last day that ends by a moment, such as the day before a midnight. */
export function lastDayBefore(moment: string | undefined): string {
  return moment === undefined ? "" : dayOf(new Date(Date.parse(moment) - 1).toISOString());
}
