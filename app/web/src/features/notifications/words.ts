import type { Role } from "../../api/me";
import { outcomeWords } from "../webhooks/words";
import type { Message, Preferences, Topic } from "./queries";

const TOPICS: Record<Topic, string> = {
  answered: "Own ticket answered",
  solved: "Own ticket solved",
  decided: "Own request decided",
  assigned: "Ticket assigned",
  commented: "Comment on an assigned ticket",
  breached: "Assigned ticket past its deadline",
  to_decide: "Request to approve",
  job_ended: "Own bulk job ended",
  requested: "Optics requested",
  low_stock: "Low stock",
  created: "New ticket",
};

const OF_ALL: readonly (keyof Preferences)[] = ["answered", "solved", "decided"];
const OF_STAFF: readonly (keyof Preferences)[] = [...OF_ALL, "assigned", "commented", "breached", "toDecide"];
const OF_ADMINS: readonly (keyof Preferences)[] = [
  ...OF_STAFF,
  "jobEnded",
  "requested",
  "lowStock",
  "created",
];

const REASONS: Record<NonNullable<Message["reason"]>, string> = {
  not_configured: "no provider is configured",
  inactive: "the account is deactivated",
  no_phone: "there is no phone number",
  nothing_to_tell: "there was nothing to tell any more",
};

/** Return what can concern someone in a role. */
export function topicsOf(role: Role): readonly (keyof Preferences)[] {
  if (role === "requester") return OF_ALL;
  return role === "agent" ? OF_STAFF : OF_ADMINS;
}

/** Say what one is told of, by the topic's name in preferences or in messages. */
export function topicWords(topic: keyof Preferences | Topic): string {
  return TOPICS[topic.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`) as Topic];
}

/** Say why a message was skipped, or what came of the last attempt. */
export function resultWords(message: Pick<Message, "reason" | "statusCode" | "error">): string {
  return message.reason ? REASONS[message.reason] : outcomeWords(message);
}

/** Say whom a message is for. */
export function recipientWords({ user, address }: Pick<Message, "user" | "address">): string {
  return user?.username ?? address ?? "";
}

export type Part = { text: string; isLink: boolean };

/** Split a text into links and what is between them. */
export function partsOf(text: string): Part[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => ({ text: part, isLink: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}
