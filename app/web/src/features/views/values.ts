import type { Schemas } from "../../api/client";
import type { View } from "./queries";

/** What of a view is edited; texts where a field may be empty. */
export type Values = Pick<View, "name" | "sharedWith"> & {
  columns: NonNullable<View["columns"]>;
  sort: View["sort"];
  position: string;
};

export const FIELDS = ["name", "columns", "sort", "sharedWith", "position"] as const;

export function valuesOf({ name, sharedWith, columns, sort, position }: View): Values {
  return { name, sharedWith, columns: columns ?? [], sort, position: String(position) };
}

/** Return what differs from the view, as the API takes it: no columns are the usual ones, no order is the first. */
export function changesOf(view: View, values: Values): Schemas["PatchView"] {
  const before = valuesOf(view);
  const edited: Required<Omit<Schemas["PatchView"], "filter">> = {
    name: values.name,
    sharedWith: values.sharedWith,
    columns: values.columns.length > 0 ? values.columns : null,
    sort: values.sort,
    position: Number(values.position),
  };
  const differing = FIELDS.filter((field) => textOf(before[field]) !== textOf(values[field]));
  return Object.fromEntries(differing.map((field) => [field, edited[field]]));
}

const textOf = (value: unknown) => JSON.stringify(value);
