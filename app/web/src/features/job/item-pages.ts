import { queryOptions, useQueries, useQuery, type QueryKey } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import type { ItemFilter } from "./search";
import { isSparse, rowsOf, startOf, withPage, type Chain } from "./positions";

export type Item = Schemas["ItemResponse"];
type ItemPage = Schemas["ItemPage"];

export const PAGE_ROWS = 100;
const KEPT_MS = 20_000; // pages that have been scrolled away from are let go of
const FRESH_MS = 2_000;

/** Where the pages of a filtered list begin, as far as it has been read: no page says where the one after next does. */
const chainQuery = (jobId: string, filter: ItemFilter) =>
  queryOptions({
    queryKey: ["jobs", "one", jobId, "chain", filter],
    queryFn: (): Chain => ({ starts: [0], end: null }),
    initialData: { starts: [0], end: null },
    enabled: false,
    staleTime: Infinity,
  });

const pageQuery = (jobId: string, filter: ItemFilter, page: number, start: number, isMoving: boolean) =>
  queryOptions({
    queryKey: ["jobs", "one", jobId, "items", filter, start],
    queryFn: async ({ signal }) => {
      const query = { ...filter, from: start, limit: PAGE_ROWS };
      const params = { path: { job_id: jobId }, query };
      const found = await answerOf(api.GET("/api/jobs/{job_id}/items", { params, signal }));
      if (isSparse(filter)) extend(chainQuery(jobId, filter).queryKey, page, found);
      return found;
    },
    gcTime: KEPT_MS,
    refetchInterval: ({ state }) => isMoving && mayChange(filter, state.data) && FRESH_MS,
  });

function extend(key: QueryKey, page: number, { items, nextCursor }: ItemPage): void {
  const next = nextCursor === null ? null : (items.at(-1)?.position ?? 0) + 1;
  cache.setQueryData<Chain>(
    key,
    (chain) => chain && withPage(chain, page, next, page * PAGE_ROWS + items.length),
  );
}

/** What is left would run away under the eyes, so it stays as it was read; of all, pages that are done do not change. */
function mayChange({ result }: ItemFilter, page: ItemPage | undefined): boolean {
  if (result === "unprocessed") return false;
  return result === "failed" || (page?.items.some((item) => item.result === "unprocessed") ?? false);
}

type Wanted = {
  jobId: string;
  filter: ItemFilter;
  /** How many items the job has. */
  total: number;
  isMoving: boolean;
};

/** Return how many rows there are, as far as is known. */
export function useRowCount({ jobId, filter, total }: Wanted): number {
  const { data: chain } = useQuery(chainQuery(jobId, filter));
  return isSparse(filter) ? rowsOf(chain, PAGE_ROWS) : total;
}

/** Return the items of those rows that are there, by row; only the pages from `first` to `last` are asked for. */
export function useItems({ jobId, filter, isMoving }: Wanted, first: number, last: number) {
  const { data: chain } = useQuery(chainQuery(jobId, filter));
  const pages = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .map((page) => ({ page, start: isSparse(filter) ? startOf(chain, page) : page * PAGE_ROWS }))
    .filter((wanted): wanted is { page: number; start: number } => wanted.start !== undefined);
  const results = useQueries({
    queries: pages.map(({ page, start }) => pageQuery(jobId, filter, page, start, isMoving)),
  });
  const byPage = new Map(pages.map(({ page }, index) => [page, results[index]?.data?.items]));
  return {
    problem: results.find(({ isError }) => isError)?.error ?? null,
    itemAt: (row: number) => byPage.get(Math.floor(row / PAGE_ROWS))?.[row % PAGE_ROWS],
  };
}
