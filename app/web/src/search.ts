/** The query string as the API writes it: a name once for each of its values, and nothing quoted. */
export type RawSearch = Record<string, unknown>;

export function parseSearch(text: string): RawSearch {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
}

export function stringifySearch(search: RawSearch): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== "") parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/** Return the values that were given, of those that there are; undefined for none. */
export function someOf<T extends string>(allowed: readonly T[], raw: unknown): T[] | undefined {
  const given = texts(raw).filter((value): value is T => allowed.some((one) => one === value));
  return given.length > 0 ? given : undefined;
}

export function texts(raw: unknown): string[] {
  return (Array.isArray(raw) ? raw : [raw]).filter(
    (value): value is string => typeof value === "string" && value !== "",
  );
}

export function textOf(raw: unknown): string | undefined {
  return texts(raw)[0];
}

export function truthOf(raw: unknown): boolean | undefined {
  const text = textOf(raw);
  return text === "true" || text === "false" ? text === "true" : undefined;
}

/** Return a page's number from 2 on: the first is what there is without. */
export function pageOf(raw: unknown): number | undefined {
  const page = Number(raw);
  return Number.isSafeInteger(page) && page > 1 ? page : undefined;
}
