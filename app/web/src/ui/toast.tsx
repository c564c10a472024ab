import { lazy, Suspense, useEffect } from "react";
import { Store, useStore } from "../store";

export type ToastAction = { label: string; onClick: () => void };

const load = () => import("./notices");
const Notices = lazy(load);
const isWanted = new Store(false);

const FETCH_MS = 2_000;

/** Say that something has been done, with what one may want next: `Deleting 12,431 tickets · Watch · Undo`; return what takes it away. */
export function toast(message: string, actions: ToastAction[] = []): () => void {
  isWanted.set(true);
  const shown = load().then(({ show }) => show(message, actions));
  return () => {
    void shown.then((hide) => {
      hide();
    });
  };
}

/** Where toasts appear. Their code is fetched once the screen is there: what has to be said may be that the server is not. */
export function Toasts() {
  const isNeeded = useStore(isWanted);
  useEffect(() => {
    const fetching = setTimeout(() => void load().catch(() => undefined), FETCH_MS);
    return () => {
      clearTimeout(fetching);
    };
  }, []);
  return (
    isNeeded && (
      <Suspense>
        <Notices />
      </Suspense>
    )
  );
}
