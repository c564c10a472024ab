type Run = (event: KeyboardEvent) => void;
export type FindRun = (name: string) => Run | "begins" | undefined;

const PAUSE_MS = 1_000; // at most, between the keys of a sequence
const FIELDS = "textarea, select, input:not([type=checkbox], [type=radio])";
const OWN_KEYS = "[role=menu], [role=listbox]"; // letters mean something there
const DIALOGS = "dialog[open], [role=dialog], [role=alertdialog]";

let begun = { name: "", at: 0 };
let listeners = 0;
let find: FindRun = () => undefined;

/** Listen to the keyboard, once for all who ask; return how to stop. */
export function listening(findRun: FindRun): () => void {
  find = findRun;
  listeners += 1;
  if (listeners === 1) addEventListener("keydown", pressed);
  return () => {
    listeners -= 1;
    if (listeners === 0) removeEventListener("keydown", pressed);
  };
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isModifier(event.key) || isTaken(event)) return;
  const name = nameOf(event);
  const isNext = begun.name !== "" && event.timeStamp - begun.at < PAUSE_MS;
  const run = (isNext ? find(`${begun.name} ${name}`) : undefined) ?? find(name);
  begun = { name: run === "begins" ? name : "", at: event.timeStamp };
  if (!run) return;
  event.preventDefault();
  if (run !== "begins") run(event);
}

function nameOf({ ctrlKey, metaKey, altKey, key }: KeyboardEvent): string {
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${key}`;
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta";
}

function isTaken({ target, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (document.querySelector(DIALOGS)) return true;
  if (ctrlKey || metaKey || !(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches(FIELDS) || target.closest(OWN_KEYS) !== null;
}
