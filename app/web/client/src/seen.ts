const HEADER = "Bulkhead-LSN";
const LATEST = "latest";

/**
 * How new is what one has seen. The API may read from a replica, and what one is shown next must not be older: an answer
 * that says how new it is, is taken by its word, and after all else what is newest is asked for.
 */
export class Seen {
  #newest = "";
  #doubts = 1; // who begins knows nothing
  #settled = 0;

  /** Something was seen, and nobody said how new it is. */
  doubt = (): void => {
    this.#doubts += 1;
  };

  /** Send a request that says what was seen, and take note of the answer. */
  async through(request: Request, send: (request: Request) => Promise<Response>): Promise<Response> {
    const doubts = this.#doubts;
    request.headers.set(HEADER, doubts > this.#settled ? LATEST : this.#newest);
    let position: string | null = null;
    try {
      const response = await send(request);
      position = response.headers.get(HEADER);
      return response;
    } finally {
      if (position === null)
        this.doubt(); // it may have been done all the same
      else this.#note(position, doubts);
    }
  }

  #note(position: string, doubts: number): void {
    if (position > this.#newest) this.#newest = position; // as text, for they are of one length
    this.#settled = Math.max(this.#settled, doubts);
  }
}
