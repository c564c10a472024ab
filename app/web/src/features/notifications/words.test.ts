import { expect, test } from "vitest";
import { partsOf, recipientWords, resultWords, topicsOf, topicWords } from "./words";

test("a topic is said in words, by either of its names", () => {
  expect(topicWords("toDecide")).toBe("Request to approve");
  expect(topicWords("to_decide")).toBe(topicWords("toDecide"));
  for (const topic of topicsOf("admin")) expect(topicWords(topic)).toBeTruthy();
});

test("requesters are offered what concerns them alone", () => {
  expect(topicsOf("requester")).toEqual(["answered", "solved", "decided"]);
  expect(topicsOf("agent")).not.toContain("lowStock");
});

test("a message says why it was skipped, or what came of it", () => {
  expect(resultWords({ reason: "not_configured", statusCode: null, error: null })).toBe(
    "no provider is configured",
  );
  expect(resultWords({ reason: null, statusCode: 250, error: null })).toBe("250");
  expect(resultWords({ reason: null, statusCode: null, error: "Not answered in time" })).toBe(
    "Not answered in time",
  );
});

test("a message is for a user, or for an address", () => {
  expect(recipientWords({ user: { id: "1", username: "grace" }, address: null })).toBe("grace");
  expect(recipientWords({ user: null, address: "it@example.com" })).toBe("it@example.com");
});

test("links are told from what is between them", () => {
  expect(partsOf("Approve: https://desk/approve/x\nReject: http://desk/y")).toEqual([
    { text: "Approve: ", isLink: false },
    { text: "https://desk/approve/x", isLink: true },
    { text: "\nReject: ", isLink: false },
    { text: "http://desk/y", isLink: true },
  ]);
});
