import { count } from "../../ui/format";
import type { Item, Movement } from "./queries";

type Cable = Pick<Item, "cableType" | "cableGauge" | "cableLength">;

/** "Cat6 · 23AWG · 100 ft" */
export function cableWords({ cableType, cableGauge, cableLength }: Cable): string {
  return [cableType, cableGauge, cableLength].join(" · ");
}

/** "+1,200" for what came in, "−3" for what went out. */
export function quantityWords(quantity: number): string {
  return `${quantity < 0 ? "−" : "+"}${count(Math.abs(quantity))}`;
}

export function kindWords({ kind, reason }: Pick<Movement, "kind" | "reason">): string {
  const word = { received: "Received", issued: "Issued", adjusted: "Adjusted" }[kind];
  return reason === null ? word : `${word}: ${reason}`;
}
