import type { components } from "./schema.d.ts";

type ProblemBody = components["schemas"]["Problem"];
export type FieldError = components["schemas"]["FieldError"];

/** Why a call failed: the server's problem+json, or that it could not be reached. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    /** 0 when the server could not be reached. */
    readonly status: number,
    readonly code: string,
    /** The server's sentence, for people. */
    readonly detail: string,
    readonly requestId = "",
    readonly retryAfterSeconds: number | null = null,
    /** The whole body: `errors`, and what a code adds, such as the `count` of `count_changed`. */
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }

  /** What is wrong with the request, by JSON path. */
  get errors(): readonly FieldError[] {
    return (this.body.errors ?? []) as FieldError[];
  }

  /** Whether the same call may succeed if it is only made again later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503;
  }

  /** Return the server's words about one field of a form; `path` as the server writes it, without `$.`. */
  about(path: string): string | undefined {
    return this.errors.find((error) => error.path === `$.${path}`)?.message;
  }
}

export function problemOf(response: Response, body: unknown): Problem {
  const requestId = response.headers.get("X-Request-Id") ?? "";
  const retryAfter = secondsOf(response.headers.get("Retry-After"));
  if (isProblem(body))
    return new Problem(response.status, body.code, body.detail, requestId, retryAfter, { ...body });
  const detail = `The server answered ${response.status}, which was not expected.`;
  return new Problem(response.status, "unexpected_answer", detail, requestId, retryAfter);
}

export function unreachable(): Problem {
  return new Problem(0, "unreachable", "Bulkhead cannot be reached.");
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
