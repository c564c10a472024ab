import type { NewWebhook, Webhook } from "./queries";

/** What of a webhook is typed in. */
export type Values = Pick<NewWebhook, "url" | "description" | "events" | "items">;

export const FIELDS = ["url", "description", "events", "items"];

export function valuesOf(webhook: Webhook | undefined): Values {
  if (webhook === undefined) return { url: "", description: "", events: [], items: false };
  const { url, description, events, items } = webhook;
  return { url, description, events, items };
}
