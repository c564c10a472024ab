import type { Schemas } from "../../api/client";
import type { paths } from "../../../client/src/schema.d.ts";
import { defined, type Priority, type Status } from "../tickets/search";
import type { Selection } from "./selection";

export type AnyRequest = paths["/api/jobs"]["post"]["requestBody"]["content"]["application/json"];

/** What people launch from a list of tickets; other types come of what they do elsewhere. */
export type JobType = "bulk-delete" | "bulk-restore" | "bulk-update" | "bulk-purge";
export type JobRequest = Extract<AnyRequest, { type: JobType }>;
export type Filter = Schemas["TicketFilter"];
export type Targets = Schemas["Targets"];

export type Changes = {
  status?: Status | undefined;
  priority?: Priority | undefined;
  /** null takes the assignee away. */
  assigneeId?: string | null | undefined;
  addTags: string[];
  removeTags: string[];
};

/** What someone has written into the dialog so far. */
export type Draft = {
  reason: string;
  /** The number of tickets, typed to confirm it. */
  typed: string;
  changes: Changes;
  force: boolean;
  priority: JobRequest["priority"];
  /** As a field for local times has it; empty for now. */
  beginAt: string;
  itemsPerSecond: string;
};

export const BLANK: Draft = {
  reason: "",
  typed: "",
  changes: { addTags: [], removeTags: [] },
  force: false,
  priority: "normal",
  beginAt: "",
  itemsPerSecond: "",
};

/** Return what a job is about: the tickets that are selected, or what a filter matches without those taken out. */
export function targetsOf({ isAll, marked }: Selection, filter: Filter): Targets {
  const ids = [...marked];
  if (!isAll) return { ticketIds: ids, excludeIds: [], all: false };
  return { filter, excludeIds: ids, all: Object.keys(filter).length === 0 };
}

export function requestOf(type: JobType, targets: Targets, draft: Draft): JobRequest {
  const reason = draft.reason.trim();
  const common = {
    reason: reason || null,
    priority: draft.priority,
    runAt: draft.beginAt ? new Date(draft.beginAt).toISOString() : null,
    maxItemsPerSecond: draft.itemsPerSecond ? Number(draft.itemsPerSecond) : null,
  };
  switch (type) {
    case "bulk-update":
      return { ...common, type, payload: { ...targets, ...given(draft.changes) } };
    case "bulk-purge":
      return { ...common, type, reason, payload: { ...targets, force: draft.force } };
    default:
      return { ...common, type, payload: targets };
  }
}

/** Return the request to preview: what the job would do depends on nothing else in the draft. */
export function previewRequestOf(type: JobType, targets: Targets, { changes, force }: Draft): JobRequest {
  const some = hasChanges(changes) ? changes : { ...changes, status: "open" as const }; // the API wants one to preview
  return requestOf(type, targets, { ...BLANK, changes: some, force, reason: "Preview" });
}

export function hasChanges(changes: Changes): boolean {
  return Object.keys(given(changes)).length > 0;
}

function given({ addTags, removeTags, ...fields }: Changes) {
  return {
    ...defined(fields),
    ...(addTags.length > 0 && { addTags }),
    ...(removeTags.length > 0 && { removeTags }),
  };
}

/** From how many tickets on one has to say why, and to type their number. */
const MANY = 100;

export function asksForReason(type: JobType, total: number): boolean {
  return type === "bulk-purge" || total > MANY;
}

export function asksForNumber(total: number): boolean {
  return total > MANY;
}

/** Whether the draft says all that is needed to do this to so many tickets. */
export function isComplete(type: JobType, total: number, draft: Draft): boolean {
  if (total === 0) return false;
  if (asksForReason(type, total) && draft.reason.trim() === "") return false;
  if (asksForNumber(total) && draft.typed.replaceAll(/\D/g, "") !== String(total)) return false;
  return type !== "bulk-update" || hasChanges(draft.changes);
}
