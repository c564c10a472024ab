import type { Schemas } from "../../api/client";
import { someOf, textOf, type RawSearch } from "../../search";

export type DeliveryStatus = Schemas["DeliveryResponse"]["status"];

export const STATUSES: readonly DeliveryStatus[] = ["pending", "delivered", "failed", "skipped"];

/** What the address of a webhook says: the parameters of the list of its deliveries, by their names. */
export type DeliverySearch = { status?: DeliveryStatus; cursor?: string };

export function deliverySearch(raw: RawSearch): DeliverySearch {
  return { status: someOf(STATUSES, raw.status)?.[0], cursor: textOf(raw.cursor) };
}
