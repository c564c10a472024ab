import { Store } from "../store";
import { Problem, problemOf, unreachable } from "../../client/src/problems.ts";
import type { components } from "../../client/src/schema.d.ts";

type Schemas = components["schemas"];
type Tokens = Schemas["LoginResponse"];
type Claims = { sub: string; sid?: string };
type Access = { token: string; userId: string; goodUntil: number };

/**
 * - `starting`: nobody knows yet whether this browser has a session
 * - `signed-out`: it has none
 * - `signed-in`: it has one, or had one when the server was last asked
 * - `expired`: it ended while someone was at work; calls wait until they have signed in again
 */
export type Phase = "starting" | "signed-out" | "signed-in" | "expired";

const EARLY_MS = 30_000; // how long before its end a token is renewed
const AGAIN_MS = 2_000; // after a renewal that did not reach the server

/** Who is signed in. The access token lives here alone, the refresh token in a cookie that no script sees. */
export class Session {
  readonly phase = new Store<Phase>("starting");
  /** The problem that keeps us from knowing whether there is a session. */
  readonly trouble = new Store<Problem | null>(null);
  readonly token = new Store<string | null>(null);
  /** When the session began. */
  readonly since = new Store<string | null>(null);
  #access: Access | null = null;
  #renewal: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Find out whether this browser has a session, however long the server takes to be there. */
  start(): void {
    this.#renewInTime(0);
  }

  async signIn(username: string, password: string): Promise<void> {
    const body = JSON.stringify({ username, password });
    await alone(async () => {
      await this.#adopt(await tokensOf(ask("POST", "/api/session", { body })));
    });
  }

  /** Add oneself as a user, and sign in; the address of the form leads nowhere for those who are. */
  async register(user: Schemas["RegisterRequest"]): Promise<void> {
    await answered(ask("POST", "/api/register", { body: JSON.stringify(user) }));
    history.replaceState(null, "", "/");
    await this.signIn(user.username, user.password);
  }

  /** Use a link up that lets one choose a password. */
  async choosePassword(token: string, password: string): Promise<void> {
    await answered(ask("POST", "/api/password-reset", { body: JSON.stringify({ token, password }) }));
    history.replaceState(null, "", "/reset-password"); // what was used up is nobody's to see
  }

  /** End the session, and forget everything by loading the page anew. */
  async signOut(): Promise<void> {
    await ask("DELETE", "/api/session", { token: await this.freshToken() });
    location.assign("/");
  }

  /** Return a token that is good for a while yet; if the session has ended, once someone has signed in again. */
  async freshToken(): Promise<string> {
    for (;;) {
      if (this.#access && Date.now() < this.#access.goodUntil) return this.#access.token;
      if (this.phase.get() === "expired") await this.phase.becomes("signed-in");
      else await this.#renew();
    }
  }

  /** Take note that the server has refused a token. */
  refuse(token: string): void {
    if (this.#access?.token === token) this.#access.goodUntil = 0;
  }

  /** Get another token in place of the one there is. */
  renew(): Promise<void> {
    return this.#renew();
  }

  #renew(): Promise<void> {
    this.#renewal ??= alone(() => this.#refresh()).finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  async #refresh(): Promise<void> {
    try {
      await this.#adopt(await tokensOf(ask("POST", "/api/session/refresh")));
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw error;
      this.#end();
    }
  }

  async #adopt(tokens: Tokens): Promise<void> {
    const { sub: userId, sid } = claimsOf(tokens.access_token);
    if (this.#access && this.#access.userId !== userId) {
      location.reload(); // another user has signed in, here or in another tab: nothing on the page is theirs
      await new Promise(() => undefined); // nor is anything still asked for it
    }
    const lifeMs = tokens.expires_in * 1000;
    const goodMs = Math.max(lifeMs - EARLY_MS, lifeMs / 2);
    this.#access = { token: tokens.access_token, userId, goodUntil: Date.now() + goodMs };
    this.trouble.set(null);
    this.since.set(timeOf(sid));
    this.token.set(tokens.access_token);
    this.phase.set("signed-in");
    this.#renewInTime(goodMs);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.trouble.set(null);
    this.phase.set(this.#access ? "expired" : "signed-out");
  }

  #renewInTime(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#renew().catch((error: unknown) => {
        const problem = error instanceof Problem ? error : unreachable();
        this.trouble.set(problem);
        this.#renewInTime((problem.retryAfterSeconds ?? 0) * 1000 || AGAIN_MS);
      });
    }, delayMs);
  }
}

export const session = new Session();

/** Tabs share the cookie, and each refresh token is good once: only one tab at a time may use it. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return work(); // where the page does not come over TLS or from this machine
  await navigator.locks.request("bulkhead-session", work);
}

async function ask(
  method: "POST" | "DELETE",
  path: string,
  { body, token }: { body?: string; token?: string } = {},
): Promise<Response> {
  const headers = new Headers();
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
  try {
    // A page that is left in the middle of a refresh must still get the new cookie: the old one is used up.
    return await fetch(path, { method, headers, body: body ?? null, keepalive: true });
  } catch {
    throw unreachable();
  }
}

async function tokensOf(asked: Promise<Response>): Promise<Tokens> {
  return (await answered(asked)) as Tokens;
}

/** Return the body of an answer; throw the problem that one is. */
async function answered(asked: Promise<Response>): Promise<unknown> {
  const response = await asked;
  const body: unknown = await response.json().catch(() => null); // what is no JSON is no answer of ours
  if (!response.ok) throw problemOf(response, body);
  return body;
}

function claimsOf(token: string): Claims {
  const [, payload = ""] = token.split(".");
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as Claims;
}

/** Return when the id of a session was made: it is a UUID of version 7, which begins with that. */
function timeOf(sessionId: string | undefined): string | null {
  if (sessionId?.charAt(14) !== "7") return null;
  return new Date(parseInt(sessionId.replaceAll("-", "").slice(0, 12), 16)).toISOString();
}
