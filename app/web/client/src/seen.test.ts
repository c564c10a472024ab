import { beforeEach, expect, test } from "vitest";
import { Seen } from "./seen.ts";

const OLD = "000000000000000A";
const NEW = "00000000000000F0";

let seen = new Seen();
beforeEach(() => {
  seen = new Seen();
});

/** Send a request whose answer says how new it is, or does not; return what it said was seen. */
async function said(answer: string | null, meanwhile?: () => void): Promise<string | null> {
  let sent: string | null = null;
  await seen.through(new Request("http://bulkhead"), (request) => {
    sent = request.headers.get("Bulkhead-LSN");
    meanwhile?.();
    return Promise.resolve(
      new Response(null, answer === null ? {} : { headers: { "Bulkhead-LSN": answer } }),
    );
  });
  return sent;
}

test("who knows nothing asks for what is newest, and then for nothing older than that", async () => {
  expect(await said(OLD)).toBe("latest");
  expect(await said(NEW)).toBe(OLD);
  expect(await said(OLD)).toBe(NEW);
  expect(await said(OLD)).toBe(NEW);
});

test("an answer that does not say how new it is, is followed by what is newest", async () => {
  await said(OLD);
  expect(await said(null)).toBe(OLD);
  expect(await said(NEW)).toBe("latest");
  expect(await said(NEW)).toBe(NEW);
});

test("so is an event, also one that comes before the answer to what was sent earlier", async () => {
  await said(OLD, seen.doubt);
  expect(await said(OLD)).toBe("latest");
  seen.doubt();
  expect(await said(OLD)).toBe("latest");
  expect(await said(OLD)).toBe(OLD);
});

test("and one that never came", async () => {
  await said(OLD);
  const lost = seen.through(new Request("http://bulkhead"), () => Promise.reject(new Error("gone")));
  await expect(lost).rejects.toThrow("gone");
  expect(await said(OLD)).toBe("latest");
});
