import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../../client/src/problems.ts";
import { Session } from "./session";

const asked = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();
const page = { assign: vi.fn(), reload: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("location", page);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

function tokens(name: string, userId = "ada"): Response {
  const token = `${name}.${btoa(JSON.stringify({ sub: userId }))}.`;
  return Response.json({ access_token: token, expires_in: 300, token_type: "bearer" });
}

function refusal(status: number, headers = {}): Response {
  return Response.json({ code: "refused", detail: "No." }, { status, headers });
}

async function started(...answers: (Response | Error)[]): Promise<Session> {
  for (const answer of answers) {
    if (answer instanceof Error) asked.mockRejectedValueOnce(answer);
    else asked.mockResolvedValueOnce(answer);
  }
  const session = new Session();
  session.start();
  await vi.advanceTimersByTimeAsync(0);
  return session;
}

test("a browser with a session is let in, one without is not", async () => {
  expect((await started(tokens("one"))).phase.get()).toBe("signed-in");
  expect((await started(refusal(401))).phase.get()).toBe("signed-out");
});

test("while the server is away nobody is sent to the sign-in", async () => {
  const session = await started(
    new TypeError("no network"),
    refusal(503, { "Retry-After": "5" }),
    tokens("one"),
  );
  expect(session.phase.get()).toBe("starting");
  expect(session.trouble.get()).toBeInstanceOf(Problem);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(session.phase.get()).toBe("starting");
  await vi.advanceTimersByTimeAsync(4_999);
  expect(session.phase.get()).toBe("starting");
  await vi.advanceTimersByTimeAsync(1);
  expect(session.phase.get()).toBe("signed-in");
  expect(session.trouble.get()).toBeNull();
});

test("a token is renewed before it ends", async () => {
  const session = await started(tokens("one"), tokens("two"));
  expect(await session.freshToken()).toMatch(/^one/);
  await vi.advanceTimersByTimeAsync(270_000);
  expect(await session.freshToken()).toMatch(/^two/);
  expect(asked).toHaveBeenCalledTimes(2);
});

test("calls that are refused at the same time share one renewal", async () => {
  const session = await started(tokens("one"), tokens("two"));
  session.refuse(await session.freshToken());
  const both = await Promise.all([session.freshToken(), session.freshToken()]);
  expect(both.map((token) => token.slice(0, 3))).toEqual(["two", "two"]);
  session.refuse(tokenOf("one")); // by a call that was slower
  expect(await session.freshToken()).toMatch(/^two/);
  expect(asked).toHaveBeenCalledTimes(2);
});

test("when the session has ended, calls wait until someone has signed in again", async () => {
  const session = await started(tokens("one"), refusal(401), tokens("two"));
  session.refuse(await session.freshToken());
  let token = "";
  const waiting = session.freshToken().then((fresh) => (token = fresh));
  await vi.advanceTimersByTimeAsync(1_000_000);
  expect(session.phase.get()).toBe("expired");
  expect(token).toBe("");
  await session.signIn("ada", "secret");
  await waiting;
  expect(token).toMatch(/^two/);
  expect(session.phase.get()).toBe("signed-in");
});

test("a page of one user is not shown to another", async () => {
  const session = await started(tokens("one", "ada"), tokens("two", "bob"));
  session.refuse(await session.freshToken());
  void session.freshToken();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.reload).toHaveBeenCalledOnce();
  expect(session.token.get()).toMatch(/^one/);
});

test("a wrong password is said, and changes nothing", async () => {
  const session = await started(refusal(401), refusal(401));
  await expect(session.signIn("ada", "wrong")).rejects.toMatchObject({ status: 401, detail: "No." });
  expect(session.phase.get()).toBe("signed-out");
});

function tokenOf(name: string): string {
  return `${name}.${btoa(JSON.stringify({ sub: "ada" }))}.`;
}
