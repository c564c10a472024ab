import { describe, expect, test } from "vitest";
import { BLANK, isComplete, previewRequestOf, requestOf, targetsOf, type Draft } from "./requests";
import { filterOf } from "../tickets/search";
import { EVERYTHING, NOTHING, withRows } from "./selection";

const TWO = targetsOf(withRows(NOTHING, ["a", "b"], true), { status: "open" });

describe("targets", () => {
  test("are the selected tickets, whatever the filter", () => {
    expect(TWO).toEqual({ ticketIds: ["a", "b"], excludeIds: [], all: false });
  });

  test("are all that match, without those taken out", () => {
    const targets = targetsOf(withRows(EVERYTHING, ["a"], false), { status: "open" });
    expect(targets).toEqual({ filter: { status: "open" }, excludeIds: ["a"], all: false });
  });

  test("say so where they may be every ticket", () => {
    expect(targetsOf(EVERYTHING, {})).toEqual({ filter: {}, excludeIds: [], all: true });
  });

  test("are found by the filter of the address, not by how it is shown", () => {
    const search = {
      status: ["open" as const],
      tags: ["spam"],
      text: undefined,
      page: 3,
      sort: "updated" as const,
    };
    expect(filterOf(search)).toEqual({ status: ["open"], tags: ["spam"] });
  });
});

describe("a request", () => {
  test("says no more than what was asked for", () => {
    expect(requestOf("bulk-delete", TWO, BLANK)).toEqual({
      type: "bulk-delete",
      payload: TWO,
      reason: null,
      priority: "normal",
      runAt: null,
      maxItemsPerSecond: null,
    });
  });

  test("has what the options say", () => {
    const draft: Draft = { ...BLANK, reason: " Spam ", beginAt: "2026-11-28T03:00", itemsPerSecond: "500" };
    expect(requestOf("bulk-restore", TWO, draft)).toMatchObject({
      reason: "Spam",
      runAt: new Date("2026-11-28T03:00").toISOString(),
      maxItemsPerSecond: 500,
    });
  });

  test("to change tickets has only the fields that change; nobody is a change too", () => {
    const changes = { status: undefined, assigneeId: null, addTags: ["stale"], removeTags: [] };
    expect(requestOf("bulk-update", TWO, { ...BLANK, changes }).payload).toEqual({
      ...TWO,
      assigneeId: null,
      addTags: ["stale"],
    });
  });

  test("forces a purge only", () => {
    const draft = { ...BLANK, force: true };
    expect(requestOf("bulk-purge", TWO, draft).payload).toEqual({ ...TWO, force: true });
    expect(requestOf("bulk-delete", TWO, draft).payload).toEqual(TWO);
  });

  test("to preview does not depend on what is being typed", () => {
    const typing = { ...BLANK, reason: "Sp", typed: "124", itemsPerSecond: "5" };
    expect(previewRequestOf("bulk-purge", TWO, typing)).toEqual(previewRequestOf("bulk-purge", TWO, BLANK));
  });

  test("to preview a change can be made before one is chosen", () => {
    expect(previewRequestOf("bulk-update", TWO, BLANK).payload).toEqual({ ...TWO, status: "open" });
  });
});

describe("what is asked for", () => {
  test.each([
    ["bulk-delete", 100, {}, true],
    ["bulk-delete", 0, {}, false],
    ["bulk-delete", 101, { typed: "101" }, false],
    ["bulk-delete", 101, { reason: "Spam" }, false],
    ["bulk-delete", 101, { reason: "Spam", typed: "100" }, false],
    ["bulk-delete", 101, { reason: "  ", typed: "101" }, false],
    ["bulk-delete", 12_431, { reason: "Spam", typed: "12,431" }, true],
    ["bulk-purge", 1, {}, false],
    ["bulk-purge", 1, { reason: "GDPR" }, true],
    ["bulk-update", 1, {}, false],
    ["bulk-update", 1, { changes: { addTags: [], removeTags: ["spam"] } }, true],
  ] as const)("%s of %i with %o: %s", (type, total, draft, isEnough) => {
    expect(isComplete(type, total, { ...BLANK, ...(draft as Partial<Draft>) })).toBe(isEnough);
  });
});
