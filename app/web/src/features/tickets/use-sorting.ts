import type { Sorting } from "../../ui/data-table";
import { useFilter } from "./filters/use-filter";
import { sortOf, usualSort } from "./search";

export function useSorting(): Sorting {
  const { search, change } = useFilter();
  return {
    sort: search.sort ?? usualSort(search.text),
    onSort: (sort) => {
      change({ sort: sortOf(sort, search.text) });
    },
  };
}
