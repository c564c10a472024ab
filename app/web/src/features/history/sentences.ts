import { capitalized, exactTime, words } from "../../ui/format";
import { fieldName } from "../tickets/field-words";
import type { Change } from "./queries";

/** What a field is called, where its name in words will not do. */
const FIELDS: Record<string, string> = {
  assigneeId: "assignee",
  contactId: "contact",
  mergedInto: "merged into",
  deletedAt: "deletion",
  related: "related ticket",
};

type Names = (id: string) => string | undefined;

/** Say what was changed: "status from Open to Resolved". */
export function sentenceOf(
  { field, before, after }: Pick<Change, "field" | "before" | "after">,
  names: Names,
): string {
  switch (field) {
    case "version":
      return "changed the ticket; what of it is not known any more";
    case "deletedAt":
      return after === null ? "restored the ticket" : "deleted the ticket";
    case "breached":
      return after === true ? "the deadline passed" : "a new deadline began";
    case "comment":
      return after === null ? "deleted a comment" : "edited a comment";
    case "fields":
      return changesOf(fieldsOf(before), fieldsOf(after));
    case "description":
      return "changed the description";
    default:
      return `changed the ${FIELDS[field] ?? words(field)} from ${told(field, before, names)} to ${told(field, after, names)}`;
  }
}

/** "changed the quantity from 1 to 2, the location from none to Room 4" */
function changesOf(before: Fields, after: Fields): string {
  const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  const value = (fields: Fields, name: string) => String(fields[name] ?? "") || "none";
  return `changed ${changed
    .map(
      (name) => `the ${fieldName(name).toLowerCase()} from ${value(before, name)} to ${value(after, name)}`,
    )
    .join(", ")}`;
}

type Fields = Readonly<Record<string, string | number>>;

function fieldsOf(value: unknown): Fields {
  return (value ?? {}) as Fields;
}

function told(field: string, value: unknown, names: Names): string {
  if (value === null || value === undefined || value === "") return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (field === "assigneeId") return names(text) ?? text;
  if (field.endsWith("At")) return exactTime(new Date(text));
  return field === "status" || field === "priority" ? capitalized(words(text)) : text;
}
