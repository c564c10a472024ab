import createClient from "openapi-fetch";
import { reached } from "../../client/src/answers.ts";
import type { paths } from "../../client/src/schema.d.ts";
import { Seen } from "../../client/src/seen.ts";
import { session } from "./session";

export { answerOf } from "../../client/src/answers.ts";
export type { Schemas } from "../../client/src/schemas.ts";

/** Calls the API, typed by its OpenAPI document, as whoever is signed in. Wrap calls in `answerOf`. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: authorized });

/** What this page has been shown, and what sockets have told it. */
export const seen = new Seen();

/** Calls the API as nobody, for pages that need no session. */
export const openApi = createClient<paths>({ baseUrl: location.origin, fetch: reached });

async function authorized(request: Request): Promise<Response> {
  const token = await session.freshToken();
  const response = await send(request.clone(), token);
  if (response.status !== 401) return response;
  session.refuse(token);
  return send(request, await session.freshToken());
}

function send(request: Request, token: string): Promise<Response> {
  request.headers.set("Authorization", `Bearer ${token}`);
  return seen.through(request, reached);
}
