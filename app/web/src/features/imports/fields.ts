import type { Schemas } from "../../api/client";

export type Column = Schemas["ColumnResponse"];

/** What a column of a file can be, and how people call it. */
export const FIELDS: Readonly<Record<string, string>> = {
  title: "Title",
  description: "Description",
  status: "Status",
  priority: "Priority",
  tags: "Tags",
  requester: "Requester",
  assignee: "Assignee",
  contactName: "Contact’s name",
  contactEmail: "Contact’s e-mail",
  externalId: "External id",
  createdAt: "Created",
};

/** Let a column fill a field, or none; of two that would fill the same one the other is left out. */
export function filling(columns: readonly Column[], name: string, field: string | null): Column[] {
  return columns.map((column) => {
    if (column.name === name) return { name, field };
    return field !== null && column.field === field ? { ...column, field: null } : column;
  });
}

/** Write which field each column fills, as the API takes it; a column without a name cannot be spoken of. */
export function pairsOf(columns: readonly Column[]): string[] {
  return columns.filter(({ name }) => name !== "").map(({ name, field }) => `${name}:${field ?? ""}`);
}

export function areAlike(some: readonly Column[], others: readonly Column[]): boolean {
  return pairsOf(some).join("\n") === pairsOf(others).join("\n");
}
