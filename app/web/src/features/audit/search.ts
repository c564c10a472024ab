import { textOf, type RawSearch } from "../../search";

/** What the address of the log says: the parameters of GET /api/audit, by their names. */
export type AuditSearch = {
  action?: string;
  actorId?: string;
  subjectId?: string;
  after?: string;
  before?: string;
  cursor?: string;
};

export function auditSearch(raw: RawSearch): AuditSearch {
  return {
    action: textOf(raw.action),
    actorId: textOf(raw.actorId),
    subjectId: textOf(raw.subjectId),
    after: momentOf(raw.after),
    before: momentOf(raw.before),
    cursor: textOf(raw.cursor),
  };
}

function momentOf(raw: unknown): string | undefined {
  const text = textOf(raw);
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined;
}
