/** Add a value, or take it out; undefined when nothing is left, as an address has it. */
export function toggled<T>(chosen: readonly T[], value: T): T[] | undefined {
  const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
  return next.length > 0 ? next : undefined;
}

/** "Open", "Open, Closed", "Open + 2"; undefined for nothing. */
export function chosenWords(labels: readonly string[]): string | undefined {
  const [first, second] = labels;
  if (first === undefined || second === undefined) return first;
  return labels.length === 2 ? `${first}, ${second}` : `${first} + ${labels.length - 1}`;
}
