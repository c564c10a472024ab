import { useEffect, useEffectEvent } from "react";

/** What keys do, by `event.key` with its modifiers before it: "j", "J" (with Shift), "Ctrl+k", "/", "?" */
export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** Let keys do something while a component is there; not while someone types, or a dialog is open. */
export function useKeys(keys: Keys): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    const act = keys[nameOf(event)];
    if (!act || event.defaultPrevented || isTaken(event)) return;
    event.preventDefault();
    act(event);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      pressed(event);
    };
    addEventListener("keydown", listener);
    return () => {
      removeEventListener("keydown", listener);
    };
  }, []);
}

function nameOf(event: KeyboardEvent): string {
  const modifiers = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}`;
  return modifiers + event.key;
}

function isTaken({ target, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open], [role=dialog], [role=alertdialog]")) return true;
  if (ctrlKey || metaKey || !(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])")
  );
}
