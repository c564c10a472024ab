import type { Schemas } from "../../api/client";

/** One field of a type of ticket, as a form asks for it. */
export type FieldSchema = {
  name: string;
  kind: "word" | "text" | "number";
  isRequired: boolean;
  /** What it has when nothing is typed. */
  initial: string;
  example: string | undefined;
  maxLength: number | undefined;
};

type Property = { type?: string; maxLength?: number; default?: string | number; examples?: string[] };

const LONGEST_WORD = 255; // characters that fit a single line

/** Read the JSON Schema of a type's fields: they are texts and whole numbers. */
export function fieldsOf({ schema }: Pick<Schemas["TicketTypeResponse"], "schema">): FieldSchema[] {
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Record<string, Property>).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    isRequired: required.includes(name),
    initial: String(property.default ?? ""),
    example: property.examples?.[0],
    maxLength: property.maxLength,
  }));
}

function kindOf({ type, maxLength = 0 }: Property): FieldSchema["kind"] {
  if (type === "integer") return "number";
  return maxLength > LONGEST_WORD ? "text" : "word";
}

/** Return what was typed as the API takes it; what is empty is left for it to miss, or to fill in. */
export function valuesOf(
  fields: readonly FieldSchema[],
  typed: Readonly<Record<string, string>>,
): Record<string, string | number> {
  const values = fields.map(({ name, kind, initial }): [string, string | number] => {
    const text = (typed[name] ?? initial).trim();
    return [name, kind === "number" && text !== "" ? Number(text) : text];
  });
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}
