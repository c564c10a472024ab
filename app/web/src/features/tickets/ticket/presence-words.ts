/** Say who else is at a ticket: "grace is writing · ada has this open, too"; nothing when nobody is. */
export function presenceWords(viewers: readonly string[], writers: readonly string[]): string {
  const readers = viewers.filter((name) => !writers.includes(name));
  const verb = readers.length === 1 ? "has" : "have";
  return [
    writers.length > 0 && `${listed(writers)} ${writers.length === 1 ? "is" : "are"} writing`,
    readers.length > 0 && `${listed(readers)} ${verb} this open, too`,
  ]
    .filter((phrase) => phrase !== false)
    .join(" · ");
}

/** "grace", "grace and ada", "grace, ada and 2 more" */
function listed(names: readonly string[]): string {
  const [first, second, ...others] = names;
  if (second === undefined) return first ?? "";
  return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
}
