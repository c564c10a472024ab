/** Where a job stood at a moment: nothing more is needed to say how fast it was in between. */
export type Sample = { atMs: number; processed: number; isRunning: boolean };

const STEP_MS = 250; // closer together they would only be noise
const KEPT_MS = 5 * 60_000;

/** The rate at which a job went, as far back as a chart shows it, made of what its events say. */
export class Samples {
  #last: Sample | null = null;
  readonly #points: [seconds: number, rate: number | null][] = [];

  /** Return whether there is something new to draw. */
  add(sample: Sample): boolean {
    const last = this.#last;
    if (!last?.isRunning || !sample.isRunning) {
      this.#last = sample;
      return sample.isRunning || !last?.isRunning ? false : this.#push(sample.atMs, null); // it rests: a gap
    }
    const elapsedMs = sample.atMs - last.atMs;
    if (elapsedMs < STEP_MS) return false;
    this.#last = sample;
    return this.#push(sample.atMs, ((sample.processed - last.processed) / elapsedMs) * 1000);
  }

  #push(atMs: number, rate: number | null): true {
    this.#points.push([atMs / 1000, rate]);
    const old = (atMs - KEPT_MS) / 1000;
    while ((this.#points[0]?.[0] ?? Infinity) < old) this.#points.shift();
    return true;
  }

  /** Whether there are two rates: a line has a beginning and an end. */
  get isLine(): boolean {
    return this.#points.filter(([, rate]) => rate !== null).length >= 2;
  }

  /** Return times in seconds, and rates per second. */
  get columns(): [number[], (number | null)[]] {
    return [this.#points.map(([seconds]) => seconds), this.#points.map(([, rate]) => rate)];
  }
}
