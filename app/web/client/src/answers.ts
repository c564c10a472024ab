import { problemOf, unreachable } from "./problems.ts";

/** Return the body of an answer; throw the `Problem` of one that is none. */
export async function answerOf<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response, error);
  return data as T;
}

/** Fetch, and throw a `Problem` where nobody answers. */
export async function reached(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw request.signal.aborted ? error : unreachable();
  }
}
