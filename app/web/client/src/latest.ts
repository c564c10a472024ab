import type { JobEvent } from "./events.ts";

/** Tell whether an event is news after the last one of its job: an answer, or an ack, can tell the same again, or less. */
export function isNews(event: JobEvent, last: JobEvent | undefined): boolean {
  return !last || event.seq > last.seq;
}
