import type { Client } from "openapi-fetch";
import { io, type Socket } from "socket.io-client";
import { answerOf } from "./answers.ts";
import { isInMotion, JOB_EVENTS, type JobEvent } from "./events.ts";
import { isNews } from "./latest.ts";
import { Problem } from "./problems.ts";
import type { paths } from "./schema.d.ts";
import type { Seen } from "./seen.ts";

const POLL_MS = 1_000;
const RECONNECT_MS = 3_000; // at most

type Ack = { ok: true; job: JobEvent } | { ok: false; error: string };
type Source = { url: string; token: () => Promise<string>; api: Client<paths>; seen: Seen };

/** See `Bulkhead.watch`. */
export async function* watch(
  source: Source,
  jobId: string,
  signal?: AbortSignal,
): AsyncGenerator<JobEvent, void> {
  const heard = new Heard();
  const socket = listen(source, jobId, heard);
  const poll = setInterval(() => {
    if (!socket.connected) ask();
  }, POLL_MS);
  const stop = () => {
    heard.fail(signal?.reason);
  };
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    ask();
    let last: JobEvent | undefined;
    while (!last || isInMotion(last)) {
      const event = await heard.next();
      if (!isNews(event, last)) continue;
      last = event;
      yield event;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    clearInterval(poll);
    heard.isOver = true;
    socket.close();
  }

  /** Read the job; whoever waits is told what will not pass. */
  function ask(): void {
    readJob(source, jobId).then(heard.take, (error: unknown) => {
      if (!(error instanceof Problem && error.isPassing)) heard.fail(error);
    });
  }
}

async function readJob({ api }: Source, jobId: string): Promise<JobEvent> {
  const { id, updatedAt, ...job } = await answerOf(
    api.GET("/api/jobs/{job_id}", { params: { path: { job_id: jobId } } }),
  );
  return { ...job, jobId: id, at: updatedAt };
}

function listen({ url, token, seen }: Source, jobId: string, heard: Heard): Socket {
  const take = (event: JobEvent) => {
    seen.doubt(); // what is read after it is not to be older
    heard.take(event);
  };
  const socket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    reconnectionDelayMax: RECONNECT_MS,
    auth: (handshake) => {
      const shake = (token: string) => {
        handshake({ token });
      };
      token().then(shake, () => {
        shake(""); // refused, as the next poll will be, which tells why
      });
    },
  });
  for (const name of JOB_EVENTS)
    socket.on(name, (event: JobEvent) => {
      if (event.jobId === jobId) take(event);
    });
  socket.on("connect", () => {
    socket.emit("job:subscribe", { jobId }, (ack: Ack) => {
      if (ack.ok) take(ack.job); // with what was missed
    });
  });
  const again = () => {
    if (!socket.active) setTimeout(() => heard.isOver || socket.connect(), POLL_MS); // the library gives up if it is refused
  };
  socket.on("disconnect", again);
  socket.on("connect_error", again);
  return socket;
}

/** What was heard and is not yet told. */
class Heard {
  isOver = false;
  #events: JobEvent[] = [];
  #failure: { reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  take = (event: JobEvent): void => {
    this.#events.push(event);
    this.#wake?.();
  };

  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#wake?.();
  }

  async next(): Promise<JobEvent> {
    for (;;) {
      if (this.#failure) throw this.#failure.reason;
      const event = this.#events.shift();
      if (event) return event;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
