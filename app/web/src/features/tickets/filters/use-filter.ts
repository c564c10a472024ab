import { getRouteApi } from "@tanstack/react-router";
import type { TicketSearch } from "../search";

const route = getRouteApi("/tickets");

/** The filter, which is in the address; what changes it leads to the first page. */
export function useFilter() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return {
    search,
    change: (patch: Partial<TicketSearch>) =>
      void navigate({ search: (old) => ({ ...old, ...patch, page: undefined }) }),
    replace: (next: TicketSearch) => void navigate({ search: next }),
  };
}
