import { expect, test } from "vitest";
import { problemOf } from "./problems.ts";

test("a problem has the server's words, when to try again, and what to quote", () => {
  const headers = { "X-Request-Id": "abc", "Retry-After": "7" };
  const body = { status: 429, title: "", code: "too_many_requests", detail: "Later." };
  const problem = problemOf(new Response(null, { status: 429, headers }), body);
  expect(problem).toMatchObject({ status: 429, detail: "Later.", requestId: "abc", retryAfterSeconds: 7 });
  expect(problem.isPassing).toBe(true);
});

test("what is wrong with a field is found by its name", () => {
  const errors = [{ path: "$.title", message: "Too long" }];
  const body = { status: 400, title: "", code: "invalid_request", detail: "No.", errors };
  const problem = problemOf(new Response(null, { status: 400 }), body);
  expect(problem.about("title")).toBe("Too long");
  expect(problem.about("status")).toBeUndefined();
  expect(problem.isPassing).toBe(false);
});

test("an answer that is none of ours is a problem too", () => {
  expect(problemOf(new Response(null, { status: 502 }), "<html>")).toMatchObject({
    status: 502,
    code: "unexpected_answer",
    isPassing: true,
  });
});
