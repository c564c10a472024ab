import { count, counted, words } from "../../ui/format";
import { filterWords } from "../tickets/filter-words";
import type { Changes, Filter, JobType } from "./requests";
import type { Selection } from "./selection";

type NameOf = (userId: string) => string;

/** What a type does, as an order, as something under way, as what cannot be done to a ticket, and when it is done. */
export const VERBS: Record<JobType, { order: string; underWay: string; done: string }> = {
  "bulk-delete": { order: "Delete", underWay: "Deleting", done: "deleted" },
  "bulk-restore": { order: "Restore", underWay: "Restoring", done: "restored" },
  "bulk-update": { order: "Change", underWay: "Changing", done: "changed" },
  "bulk-purge": { order: "Purge", underWay: "Purging", done: "purged" },
};

/** "Delete 12,431 tickets" */
export function orderOf(type: JobType, total: number | undefined): string {
  return `${VERBS[type].order} ${countWords(total)}`;
}

/** "12,431 tickets"; without their number as long as nobody knows it. */
export function countWords(total: number | null | undefined): string {
  return typeof total === "number" ? counted(total, "ticket") : "tickets";
}

/** Say which tickets are meant: "status is open · tag is spam · without the 3 you took out". */
export function targetWords({ isAll, marked }: Selection, filter: Filter, nameOf: NameOf): string {
  if (!isAll) return marked.size === 1 ? "the one you selected" : `the ${count(marked.size)} you selected`;
  const { deleted, ...fields } = filter;
  const phrases = filterWords(fields, nameOf);
  if (phrases.length === 0) phrases.push(deleted ? "everything in the trash" : "all tickets there are");
  return [...phrases, withoutWords(marked.size)].filter(Boolean).join(" · ");
}

export function withoutWords(takenOut: number): string {
  return takenOut === 0 ? "" : `without the ${takenOut === 1 ? "one" : count(takenOut)} you took out`;
}

/** Say what a change does: "status becomes closed, the tag stale is added". */
export function changeWords(changes: Changes, nameOf: NameOf): string {
  const { status, priority, assigneeId, addTags, removeTags } = changes;
  const phrases = [
    status !== undefined && `status becomes ${words(status)}`,
    priority !== undefined && `priority becomes ${priority}`,
    assigneeId === null && "nobody is assigned",
    typeof assigneeId === "string" && `${nameOf(assigneeId)} is assigned`,
    addTags.length > 0 && `${tagWords(addTags)} added`,
    removeTags.length > 0 && `${tagWords(removeTags)} removed`,
  ];
  return phrases.filter((phrase) => phrase !== false).join(", ");
}

function tagWords(tags: readonly string[]): string {
  return tags.length === 1 ? `tag ${tags.join()} is` : `tags ${tags.join(" and ")} are`;
}

/** What becomes of the tickets, and for how long one can have it otherwise. */
export function outlookOf(type: JobType, undoDays: number | null): string {
  const undo =
    undoDays === null ? "This cannot be undone." : `You can undo this for ${counted(undoDays, "day")}.`;
  switch (type) {
    case "bulk-delete":
      return `They go to the trash. ${undo}`;
    case "bulk-restore":
      return `They will be back among the tickets, as they were. ${undo}`;
    case "bulk-purge":
      return `They are removed for good, from the trash too. ${undo}`;
    case "bulk-update":
      return undo;
  }
}
