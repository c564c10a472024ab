import { capitalized, count, counted, words } from "../../ui/format";
import { filterWords } from "../tickets/filter-words";
import type { Job } from "./queries";

const VERBS: Record<string, string> = {
  "bulk-delete": "Delete",
  "bulk-restore": "Restore",
  "bulk-update": "Change",
  "bulk-purge": "Purge",
  "bulk-undo": "Undo the change of",
};

/** Say what a job does: "Delete 12,431 tickets where status is open". */
export function sentenceOf(
  { type, total, params }: Pick<Job, "type" | "total" | "params">,
  nameOf: (userId: string) => string,
): string {
  const verb = VERBS[type] ?? capitalized(words(type));
  const tickets = total === null ? "tickets" : counted(total, "ticket");
  const where = filterWords(params.filter ?? {}, nameOf).join(" and ");
  const without = params.excluded ? `without ${count(params.excluded)}` : "";
  return [verb, tickets, where && `where ${where}`, without].filter(Boolean).join(" ");
}
