import { expect, test } from "vitest";
import { sentenceOf } from "./sentences";

const names = (id: string) => (id === "1" ? "grace" : undefined);

test.each([
  [{ field: "status", before: "open", after: "in_progress" }, "changed the status from Open to In progress"],
  [{ field: "assigneeId", before: null, after: "1" }, "changed the assignee from none to grace"],
  [{ field: "tags", before: [], after: ["spam", "mail"] }, "changed the tags from none to spam, mail"],
  [{ field: "deletedAt", before: null, after: "2026-11-27T00:00:00Z" }, "deleted the ticket"],
  [{ field: "deletedAt", before: "2026-11-27T00:00:00Z", after: null }, "restored the ticket"],
  [
    {
      field: "fields",
      before: { quantity: 1, notes: "" },
      after: { quantity: 2, notes: "Soon", cableType: "Cat6" },
    },
    "changed the quantity from 1 to 2, the notes from none to Soon, the cable type from none to Cat6",
  ],
  [{ field: "comment", before: "Hello", after: null }, "deleted a comment"],
])("%o", (change, sentence) => {
  expect(sentenceOf(change, names)).toBe(sentence);
});
