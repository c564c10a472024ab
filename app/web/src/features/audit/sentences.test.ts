import { expect, test } from "vitest";
import type { Entry } from "./queries";
import { ACTIONS, sentenceOf } from "./sentences";

const ENTRY: Entry = {
  id: 1,
  at: "2026-11-24T10:00:00Z",
  action: "job.canceled",
  actorId: "ada",
  subjectId: "J",
  items: 4191,
  reason: null,
  requestId: null,
  address: null,
  details: {},
};

function text(entry: Partial<Entry>): string {
  return sentenceOf({ ...ENTRY, ...entry })
    .map((part) => (typeof part === "string" ? part : "user" in part ? part.user : part.label))
    .join(" ");
}

test("what was done to a job", () => {
  expect(text({})).toBe("ada canceled a job with 4,191 tickets left");
  expect(text({ items: null })).toBe("ada canceled a job");
  const details = { type: "bulk-delete" };
  expect(text({ action: "job.submitted", items: 12431, details })).toBe(
    "ada submitted a job to delete 12,431 tickets",
  );
  expect(text({ action: "job.undone", details: { by: "K" } })).toBe("ada undid a job with another");
});

test("what was done to a user, as what it was changed to", () => {
  const changed = { action: "user.changed", subjectId: "grace" } as const;
  expect(text({ ...changed, details: { role: ["agent", "admin"] } })).toBe("ada made grace an admin");
  expect(text({ ...changed, details: { active: [true, false] } })).toBe("ada deactivated grace");
  const both = { role: ["admin", "agent"], active: [false, true] };
  expect(text({ ...changed, details: both })).toBe("ada made grace an agent and reactivated grace");
});

test("a value that stayed as it was is no change", () => {
  const details = { role: ["agent", "agent"], active: [true, false] };
  expect(text({ action: "user.changed", subjectId: "grace", details })).toBe("ada deactivated grace");
});

test("what the operator did on the servers, without an account", () => {
  const changed = { subjectId: "grace", actorId: null, address: "manage.sh" } as const;
  expect(text({ ...changed, action: "user.changed", details: { active: [true, false] } })).toBe(
    "The operator deactivated grace",
  );
  expect(text({ ...changed, action: "password.changed" })).toBe("The operator changed the password of grace");
  expect(text({ ...changed, action: "password.changed", actorId: "grace" })).toBe(
    "grace changed their password",
  );
});

test("sessions", () => {
  expect(text({ action: "session.ended", subjectId: "ada" })).toBe("ada signed out");
  expect(text({ action: "session.ended", subjectId: "grace" })).toBe("ada ended a session of grace");
  expect(text({ action: "login.failed", actorId: null, subjectId: null })).toBe(
    "A sign-in was refused for an unknown name",
  );
});

test.each([
  [{ action: "user.created", details: { role: "agent" } }, "ada added grace as an agent"],
  [{ action: "sla_policy.deleted", details: { name: "Gold" } }, "ada deleted the policy “Gold”"],
  [{ action: "calendar.changed" }, "ada changed a calendar"],
  [
    { action: "webhook.rotated", details: { url: "https://desk.example.com" } },
    "ada changed the secret of the webhook “https://desk.example.com”",
  ],
  [
    { action: "webhook.disabled", actorId: null, reason: "gone" },
    "Nothing is sent to a webhook any more: it answered that it is gone",
  ],
  [
    { action: "inventory.changed", details: { name: "Cat6 23AWG 100 ft" } },
    "ada changed when the stock of “Cat6 23AWG 100 ft” is low",
  ],
  [
    { action: "inventory.low", actorId: null, details: { name: "Cat6 23AWG 100 ft", onHand: 1200 } },
    "The stock of “Cat6 23AWG 100 ft” is low: 1,200 left",
  ],
  [{ action: "optics_parts.changed", items: 1 }, "ada changed the list of optics to 1 part"],
  [{ action: "user.registered", actorId: "grace" }, "grace registered"],
  [{ action: "password_reset.issued" }, "ada made a password link for grace"],
  [{ action: "ticket.breached", actorId: null }, "The deadline of a ticket passed"],
  [{ action: "ticket.approved", details: { byLink: true } }, "ada approved a ticket with a link"],
  [{ action: "ticket.rejected" }, "ada rejected a ticket"],
  [{ action: "contact.merged", items: 3 }, "ada merged a contact into another with 3 tickets"],
] as const)("%o", (entry, sentence) => {
  expect(text({ subjectId: "grace", ...entry })).toBe(sentence);
});

test("each action that there is to filter by has a sentence of its own", () => {
  const actions = Object.keys(ACTIONS) as Entry["action"][];
  const unspoken = actions.filter((action) => text({ action }) === `ada ${action.replace(/[._]/g, " ")}`);
  expect(unspoken).toEqual([]);
});

test("an action of a newer server is told by its name", () => {
  const action = "ticket.sent_on" as Entry["action"];
  expect(text({ action })).toBe("ada ticket sent on");
});
