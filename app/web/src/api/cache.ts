import { noop, QueryClient, type QueryExecuteOptions, type QueryKey } from "@tanstack/react-query";
import { Problem } from "../../client/src/problems.ts";
import { session } from "./session";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Problem;
  }
}

const MAX_RETRIES = 30;

/** The one store of what the server has said. */
export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always", // the browser's word on whether it is online says nothing of a server at home
      staleTime: 15_000,
      gcTime: 60_000, // who comes back later asks again: what is kept longer only fills the memory
      retry: (failures, error) => isPassing(error) && failures < MAX_RETRIES,
      retryDelay: delayMs,
    },
    mutations: { networkMode: "always" },
  },
});

/** Whoever signs in again may have other rights than before: all on the page is asked for anew, and waits for that. */
session.phase.subscribe(() => {
  if (session.phase.get() === "expired") void cache.invalidateQueries();
});

/** Begin to fetch what a screen will ask for; what goes wrong, the screen will say. */
export function prefetch<T, K extends QueryKey>(query: QueryExecuteOptions<T, Problem, T, T, K>): void {
  cache.query(query).catch(noop);
}

/** As long as the server asks for, else 1, 2, 4, 5, 5 ... seconds. */
export function delayMs(failures: number, error: unknown): number {
  const asked = error instanceof Problem ? error.retryAfterSeconds : null;
  return (asked ?? Math.min(2 ** failures, 5)) * 1000;
}

function isPassing(error: unknown): boolean {
  return error instanceof Problem && error.isPassing;
}
