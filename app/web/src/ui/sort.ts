/** Return how a list is sorted once the header of a column is pressed: latest first, then the other way round. */
export function nextSort(current: string | undefined, field: string): string {
  return current === `-${field}` ? field : `-${field}`;
}

/** Return what `aria-sort` is for a column that sorts by `field`. */
export function directionOf(current: string | undefined, field: string): "ascending" | "descending" | "none" {
  if (current === field) return "ascending";
  return current === `-${field}` ? "descending" : "none";
}
