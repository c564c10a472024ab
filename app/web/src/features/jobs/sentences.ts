import { capitalized, counted, words } from "../../ui/format";

const VERBS: Record<string, string> = {
  "bulk-delete": "Delete",
  "bulk-restore": "Restore",
  "bulk-update": "Change",
  "bulk-purge": "Purge",
  "bulk-undo": "Undo the change of",
};

/** Say what a job does: "Delete 12,431 tickets". */
export function sentenceOf({ type, total }: { type: string; total: number | null }): string {
  const verb = VERBS[type] ?? capitalized(words(type));
  return total === null ? `${verb} tickets` : `${verb} ${counted(total, "ticket")}`;
}
