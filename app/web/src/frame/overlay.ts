import { Store } from "../store";

/** What lies over the screen, of what can be called from everywhere. */
export const overlay = new Store<"none" | "palette" | "keys">("none");

export function closeOverlay(): void {
  overlay.set("none");
}
