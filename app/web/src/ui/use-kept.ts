import { useEffect, useEffectEvent, useState, type Dispatch, type SetStateAction } from "react";
import { useMe } from "../api/me";

/** State (as JSON can have it) that outlives a reload of the page, and ends when its component goes for another reason. */
export function useKept<T>(name: string, initial: T): [T, Dispatch<SetStateAction<T>>] {
  const key = `kept:${useMe().id}:${name}`;
  const [state, setState] = useState<T>(() => stored(key, initial));
  const keep = useEffectEvent(() => {
    sessionStorage.setItem(key, JSON.stringify(state));
  });
  useEffect(() => {
    sessionStorage.removeItem(key);
    const unload = () => {
      keep();
    };
    addEventListener("pagehide", unload);
    return () => {
      removeEventListener("pagehide", unload);
    };
  }, [key]);
  return [state, setState];
}

function stored<T>(key: string, initial: T): T {
  const text = sessionStorage.getItem(key);
  return text === null ? initial : (JSON.parse(text) as T);
}
