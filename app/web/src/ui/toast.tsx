import { lazy, Suspense, useEffect } from "react";
import { ahead } from "../early";
import { Store, useStore } from "../store";
import { announce } from "./announcer";

export type ToastAction = { label: string; onClick: () => void };

const Notices = lazy(() => import("./notices"));
const isThere = new Store(false); // before that it must not be drawn: what cannot be fetched would take the page with it

const FETCH_MS = 2_000;

/** Say that something has been done, with what one may want next: `Deleting 12,431 tickets · Watch · Undo`; return what takes it away. */
export function toast(message: string, actions: ToastAction[] = []): () => void {
  const shown = load().then(
    ({ show }) => show(message, actions),
    () => {
      announce(message);
      return () => undefined;
    },
  );
  return () => {
    void shown.then((hide) => {
      hide();
    });
  };
}

async function load() {
  const notices = await import("./notices");
  isThere.set(true);
  return notices;
}

/** Where toasts appear. Their code is fetched once the screen is there: what has to be said may be that the server is not. */
export function Toasts() {
  const isFetched = useStore(isThere);
  useEffect(() => {
    const fetching = setTimeout(ahead, FETCH_MS, load);
    return () => {
      clearTimeout(fetching);
    };
  }, []);
  return (
    isFetched && (
      <Suspense>
        <Notices />
      </Suspense>
    )
  );
}
