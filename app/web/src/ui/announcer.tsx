import { Store, useStore } from "../store";

const words = new Store("");

/** Let screen readers say something, when they are done with what they are saying. */
export function announce(text: string): void {
  words.set(words.get() === text ? `${text}\u00a0` : text); // the same words twice would be no change
}

export function Announcer() {
  const text = useStore(words);
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {text}
    </div>
  );
}
