import { exactTime } from "../../ui/format";
import type { Delivery, Webhook } from "./queries";

type State = Pick<Webhook, "disabledReason" | "failingSince">;

const OFF: Record<NonNullable<Webhook["disabledReason"]>, string> = {
  by_hand: "Someone turned it off.",
  gone: "It was turned off as the receiver answered 410: gone for good.",
  failing: "It was turned off after three days in which nothing could be delivered.",
};

/** Say in a word how a webhook is. */
export function stateOf({ disabledReason, failingSince }: State): "on" | "failing" | "off" {
  if (disabledReason !== null) return "off";
  return failingSince === null ? "on" : "failing";
}

/** Say the same with the reason, as far as that takes no sentence: "Off: gone". */
export function stateWords(webhook: State): string {
  const { disabledReason } = webhook;
  return disabledReason === "gone" || disabledReason === "failing"
    ? `off: ${disabledReason}`
    : stateOf(webhook);
}

/** Say what is wrong with a webhook, and what becomes of it; nothing of one that is well. */
export function troubleWords({ disabledReason, failingSince }: State): string | undefined {
  if (disabledReason !== null) return `${OFF[disabledReason]} Nothing is sent until it is turned on again.`;
  if (failingSince === null) return undefined;
  const since = exactTime(new Date(failingSince));
  return `Nothing could be delivered since ${since}. After three days it is turned off.`;
}

/** "ticket.created", "ticket.created, job.failed", "ticket.created + 4" */
export function eventWords(events: readonly string[]): string {
  const [first = "", second] = events;
  if (second === undefined) return first;
  return events.length === 2 ? `${first}, ${second}` : `${first} + ${events.length - 1}`;
}

/** Say what came of the last attempt. */
export function outcomeWords({ statusCode, error }: Pick<Delivery, "statusCode" | "error">): string {
  return error ?? (statusCode === null ? "" : String(statusCode));
}
