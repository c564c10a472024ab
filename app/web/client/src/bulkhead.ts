import createClient, { type Client } from "openapi-fetch";
import { reached } from "./answers.ts";
import type { JobEvent } from "./events.ts";
import type { paths } from "./schema.d.ts";
import { Seen } from "./seen.ts";
import { watch } from "./watch.ts";

export type Options = {
  /** Where Bulkhead is, such as `https://bulkhead.example.com`. */
  url: string;
  /** Gives a token that is good for a while yet: it is asked before each call, and for each connection. */
  token: () => Promise<string>;
};

export type Bulkhead = {
  /** Calls the API, typed by its OpenAPI document. Wrap calls in `answerOf`. */
  api: Client<paths>;
  /**
   * Yield where a job stands, whenever that changes, until it has ended: what is yielded is newer each time, and the last
   * tells of the end. A connection that breaks is made again, and what was missed is in the next event; meanwhile, and
   * where there are no sockets, the API is asked. Throws the `Problem` of a job that is not there; with a signal, until
   * that is aborted, it waits for an API that is away.
   */
  watch: (jobId: string, options?: { signal?: AbortSignal }) => AsyncGenerator<JobEvent, void>;
};

/** Speak to a Bulkhead. */
export function connect({ url, token }: Options): Bulkhead {
  const seen = new Seen();
  const api = createClient<paths>({ baseUrl: url, fetch: authorized });
  return { api, watch: (jobId, { signal } = {}) => watch({ url, token, api, seen }, jobId, signal) };

  async function authorized(request: Request): Promise<Response> {
    request.headers.set("Authorization", `Bearer ${await token()}`);
    return seen.through(request, reached);
  }
}
