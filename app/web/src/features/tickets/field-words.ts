import { capitalized } from "../../ui/format";

/** "cable type" for `cableType` */
export function fieldWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** "Cable type" for `cableType` */
export function fieldName(name: string): string {
  return capitalized(fieldWords(name));
}

/** Return the fields that a ticket has by its type, by their names in words; what was left empty is left out. */
export function fieldsInWords(fields: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => [fieldName(name), String(value)]);
}
