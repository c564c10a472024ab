/** Days as date fields have them ("2026-11-24"), and moments as addresses do, in the time zone of whoever looks. */
export function dayOf(moment: string | undefined): string {
  if (moment === undefined) return "";
  const time = new Date(moment);
  const month = String(time.getMonth() + 1).padStart(2, "0");
  return `${time.getFullYear()}-${month}-${String(time.getDate()).padStart(2, "0")}`;
}

/** Return when a day begins, or the one that many days later; undefined for no day. */
export function beginOf(day: string, daysLater = 0): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + daysLater).toISOString();
}

/** Return the last day that ends by a moment, such as the day before a midnight. */
export function lastDayBefore(moment: string | undefined): string {
  return moment === undefined ? "" : dayOf(new Date(Date.parse(moment) - 1).toISOString());
}
