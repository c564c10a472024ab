import createClient from "openapi-fetch";
import { problemOf, unreachable } from "./problems";
import type { components, paths } from "./schema";
import { session } from "./session";

export type Schemas = components["schemas"];

/** Calls the API, typed by its OpenAPI document, as whoever is signed in. Wrap calls in `answerOf`. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: authorized });

/** Calls the API as nobody, for pages that need no session. */
export const openApi = createClient<paths>({ baseUrl: location.origin, fetch: reached });

/** Return the body of an answer; throw the `Problem` of one that is none. */
export async function answerOf<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response, error);
  return data as T;
}

async function authorized(request: Request): Promise<Response> {
  const token = await session.freshToken();
  const response = await send(request.clone(), token);
  if (response.status !== 401) return response;
  session.refuse(token);
  return send(request, await session.freshToken());
}

function send(request: Request, token: string): Promise<Response> {
  request.headers.set("Authorization", `Bearer ${token}`);
  return reached(request);
}

async function reached(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw request.signal.aborted ? error : unreachable();
  }
}
