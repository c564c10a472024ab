import { getRouteApi } from "@tanstack/react-router";
import { Choice } from "../../ui/choice";
import { Filters } from "../../ui/filters";
import { capitalized, words } from "../../ui/format";
import { isFiltered, PRIORITIES, STATUSES, type TicketSearch } from "../tickets/search";

const route = getRouteApi("/trash");

export function TrashFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = (fields: TicketSearch) =>
    void navigate({ search: (old) => ({ ...old, ...fields, page: undefined }) });
  return (
    <Filters onClear={isFiltered(search) && (() => void navigate({ search: {} }))}>
      <Choice
        label="Status"
        none="Any status"
        options={STATUSES.map(optionOf)}
        value={search.status?.[0]}
        onChoose={(status) => {
          narrow({ status: status && [status] });
        }}
      />
      <Choice
        label="Priority"
        none="Any priority"
        options={PRIORITIES.map(optionOf)}
        value={search.priority?.[0]}
        onChoose={(priority) => {
          narrow({ priority: priority && [priority] });
        }}
      />
    </Filters>
  );
}

function optionOf<T extends string>(value: T): { value: T; label: string } {
  return { value, label: capitalized(words(value)) };
}
