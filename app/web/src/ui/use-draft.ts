import { useState } from "react";
import { useMe } from "../api/me";

/**
 * What is being typed into a form. It outlives the form and the page in this tab, until it is discarded; another user
 * who signs in here does not meet it.
 */
export function useDraft<T extends object>(name: string, initial: T) {
  const key = `draft:${useMe().id}:${name}`;
  const [draft, setDraft] = useState<T>(() => ({ ...initial, ...stored<T>(key) }));
  return {
    draft,
    change: (patch: Partial<T>) => {
      const next = { ...draft, ...patch };
      sessionStorage.setItem(key, JSON.stringify(next));
      setDraft(next);
    },
    discard: () => {
      sessionStorage.removeItem(key);
      setDraft(initial);
    },
  };
}

function stored<T>(key: string): Partial<T> {
  return JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<T>;
}
