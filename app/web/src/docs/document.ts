const DOCUMENT = "/api/openapi.json";

export const place = document.querySelector("#docs") ?? document.body;

/** Show the document; where it is for users alone, as whoever is signed in in the console. */
export function withDocument(show: (spec: object) => void): void {
  read().then(show, (problem: unknown) => {
    place.textContent = problem instanceof Error ? problem.message : "The document did not come.";
  });
}

async function read(): Promise<object> {
  let answer = await fetch(DOCUMENT);
  if (answer.status === 401) {
    const headers = { Authorization: `Bearer ${await alone(token)}` };
    answer = await fetch(DOCUMENT, { headers });
  }
  if (!answer.ok) throw new Error(`The document did not come: ${answer.status}. Reload the page.`);
  return (await answer.json()) as object;
}

async function token(): Promise<string> {
  const answer = await fetch("/api/session/refresh", { method: "POST", keepalive: true });
  if (!answer.ok) throw new Error("This is for users: sign in to the console, and come back.");
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** The session's cookie is good once, and the tabs of the console use it too: under this lock, one at a time. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request("bulkhead-session", work) : work();
}
