import type { Sorting } from "../../ui/data-table";
import { useFilter } from "./filters/use-filter";
import { sortOf, USUAL_SORT } from "./search";

export function useSorting(): Sorting {
  const { search, change } = useFilter();
  return {
    sort: search.sort ?? USUAL_SORT,
    onSort: (sort) => {
      change({ sort: sortOf(sort) });
    },
  };
}
