export type Verb = "approve" | "reject";

/** What someone decides on a request with who is not signed in. */
export type ApprovalLink = { ticketId: string; verb: Verb; token: string };

const PATH = /^\/tickets\/([0-9a-f-]{36})\/(approve|reject)(?:\/([^/]+))?\/?$/i;

/**
 * Return the link that the page was opened with; null for any other address.
 *
 * Its token is taken out of the address, which people copy and the browser's history keeps. The tab remembers it, so
 * that the page can be loaded anew.
 */
export function takeLink(): ApprovalLink | null {
  const [, ticketId, verb, inAddress] = PATH.exec(location.pathname) ?? [];
  const token = inAddress ?? remembered();
  if (ticketId === undefined || token === undefined) return null;
  history.replaceState({ token }, "", `/tickets/${ticketId}/${verb}`);
  return { ticketId, verb: verb === "reject" ? "reject" : "approve", token };
}

function remembered(): string | undefined {
  return (history.state as { token?: string } | null)?.token;
}
