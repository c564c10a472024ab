import { useEffect, useRef } from "react";
import { listening } from "./key-press";

type Run = (event: KeyboardEvent) => void;

/** What a key does, in words for the list of keys. */
type Key = { does: string; run: Run };

/** By `event.key` with its modifiers before it: "j", "J" (with Shift), "Ctrl+k", "?"; one after the other: "g t" */
export type Keys = Record<string, Key>;

/** The keys of a screen or of a part of it, and what they do. */
export type KeyGroup = { title: string; keys: [name: string, does: string][] };

type Registered = { title: string; keys: () => Keys };

let registered: readonly Registered[] = []; // the last comes first: what lies on top has the first word

/** Let keys do something while a component is there; not while someone types, or a dialog is open. */
export function useKeys(keys: Keys, title: string): void {
  const now = useRef(keys);
  useEffect(() => {
    now.current = keys;
  });
  useEffect(() => {
    const one = { title, keys: () => now.current };
    registered = [one, ...registered];
    const stop = listening(runOf);
    return () => {
      registered = registered.filter((other) => other !== one);
      stop();
    };
  }, [title]);
}

/** Return what can be pressed at this moment, as those who listen for it describe it. */
export function keyGroups(): KeyGroup[] {
  const groups = new Map<string, Map<string, string>>();
  for (const { title, keys } of registered) {
    const group = groups.get(title) ?? new Map<string, string>();
    for (const [name, { does }] of Object.entries(keys())) group.set(name, does);
    if (group.size > 0) groups.set(title, group);
  }
  return [...groups].map(([title, group]) => ({ title, keys: [...group] }));
}

/** Return what a key or a sequence does; "begins" for the first key of a sequence. */
function runOf(name: string): Run | "begins" | undefined {
  const all = registered.map(({ keys }) => keys());
  const key = all.find((keys) => name in keys)?.[name];
  if (key) return key.run;
  return all.some((keys) => Object.keys(keys).some((known) => known.startsWith(`${name} `)))
    ? "begins"
    : undefined;
}
