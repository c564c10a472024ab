import { capitalized, count, counted, words } from "../../ui/format";
import { filterWords } from "../tickets/filter-words";
import type { Job } from "./queries";

type NameOf = (userId: string) => string;

/** What each type does, and what has happened to a ticket then. */
export const VERBS: Readonly<Record<string, readonly [verb: string, done: string]>> = {
  "bulk-delete": ["Delete", "deleted"],
  "bulk-restore": ["Restore", "restored"],
  "bulk-update": ["Change", "changed"],
  "bulk-purge": ["Purge", "purged"],
  "bulk-deadlines": ["Recompute the deadlines of", "recomputed"],
  "bulk-comment": ["Comment on", "commented"],
  "bulk-import": ["Import", "imported"],
  "bulk-undo": ["Undo", "undone"],
  "bulk-uncomment": ["Undo the comments on", "undone"],
};

export function verbOf(type: string): string {
  return VERBS[type]?.[0] ?? capitalized(words(type));
}

export function doneWord(type: string): string {
  return VERBS[type]?.[1] ?? "done";
}

/** "Delete 12,431 tickets"; of an undo "Undo a job on 12,431 tickets": what was undone only its parent knows. */
export function titleOf({ type, total }: Pick<Job, "type" | "total">, parentType?: string): string {
  const tickets = total === null ? "tickets" : counted(total, "ticket");
  if (type !== "bulk-undo") return `${verbOf(type)} ${tickets}`;
  return `Undo ${NOUNS[parentType ?? ""] ?? "a job on"} ${tickets}`;
}

const NOUNS: Readonly<Record<string, string>> = {
  "bulk-delete": "the deletion of",
  "bulk-restore": "the restoration of",
  "bulk-update": "the change of",
  "bulk-import": "the import of",
  "bulk-undo": "the undoing of",
};

/** Say what a job does: "Delete 12,431 tickets where status is open". */
export function sentenceOf(
  job: Pick<Job, "type" | "total" | "params">,
  nameOf: NameOf,
  parentType?: string,
): string {
  const changes = changeWords(job.params, nameOf).join(", ");
  return [titleOf(job, parentType), targetWords(job.params, nameOf), changes && `· ${changes}`]
    .filter(Boolean)
    .join(" ");
}

/** Say which tickets a job is about: "where status is open without 3"; nothing of those that were chosen by hand. */
export function targetWords({ filter = {}, excluded }: Job["params"], nameOf: NameOf): string {
  const where = filterWords(filter, nameOf).join(" and ");
  const without = excluded ? `without ${count(excluded)}` : "";
  return [where && `where ${where}`, without].filter(Boolean).join(" ");
}

/** Say what a job sets: "status to closed", "add tag spam". */
export function changeWords(params: Job["params"], nameOf: NameOf): string[] {
  const { status, priority, assigneeId, addTags = [], removeTags = [], force } = params;
  return [
    status && `status to ${words(status)}`,
    priority && `priority to ${priority}`,
    assigneeId === null && "assign to nobody",
    assigneeId && `assign to ${nameOf(assigneeId)}`,
    addTags.length > 0 && `add ${tags(addTags)}`,
    removeTags.length > 0 && `remove ${tags(removeTags)}`,
    force && "however short a time ago deleted",
  ].filter((phrase): phrase is string => typeof phrase === "string");
}

function tags(names: readonly string[]): string {
  return `${names.length === 1 ? "tag" : "tags"} ${names.join(", ")}`;
}
