import type { Role } from "../../api/me";
import { outcomeWords } from "../webhooks/words";
import type { Message, Preferences, Topic } from "./queries";

const TOPICS: Record<Topic, string> = {
  answered: "Someone answers my ticket",
  solved: "My ticket is solved",
  decided: "My request is approved or rejected",
  assigned: "A ticket is assigned to me",
  commented: "Someone comments on a ticket of mine to work on",
  breached: "A ticket of mine to work on misses its deadline",
  to_decide: "I am asked to approve a request",
  job_ended: "A bulk job that I started has ended",
  requested: "Someone asks for optics",
  low_stock: "Stock runs low",
  created: "Someone opens a ticket",
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

/** Say when one is told, by the topic's name in preferences or in messages. */
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
