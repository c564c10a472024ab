import { useJobsInMotion } from "../live/queries";
import { percent } from "../ui/format";

/** The title of the tab, with the progress of the newest job that runs. */
export function TabTitle({ title }: { title: string }) {
  const running = useJobsInMotion().find(({ status }) => status === "running");
  const progress = running ? `${percent(running.progress)} · ` : "";
  return <title>{`${progress}${title} · Bulkhead`}</title>;
}
