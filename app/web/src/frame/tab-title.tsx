import { useEffect } from "react";
import { useJobsInMotion } from "../live/queries";
import { percent } from "../ui/format";
import { showProgress } from "./tab-icon";

/** The title of the tab, with the progress of the newest job that runs. */
export function TabTitle({ title }: { title: string }) {
  const running = useJobsInMotion().find(({ status }) => status === "running");
  return <Tab title={title} progress={running?.progress ?? null} />;
}

/** What the browser's tab shows: how many percent are done, in words and in the icon, and the screen's title. */
export function Tab({ title, progress }: { title: string; progress: number | null }) {
  useEffect(() => {
    showProgress(progress);
  }, [progress]);
  useEffect(
    () => () => {
      showProgress(null);
    },
    [],
  );
  return <title>{`${progress === null ? "" : `${percent(progress)} · `}${title} · Bulkhead`}</title>;
}
