import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../ui/empty-state";
import { NewTicket } from "./create/new-ticket";
import { useFilter } from "./filters/use-filter";
import { isFiltered } from "./search";

/** Why the list is empty, and what leads out of that. */
export function Nothing() {
  const { search, replace } = useFilter();
  if (search.page !== undefined) {
    return (
      <EmptyState title={`There is no page ${search.page}`}>
        <Link to="." search={({ page, ...rest }) => rest}>
          Go to the first page
        </Link>
      </EmptyState>
    );
  }
  if (!isFiltered(search)) {
    return (
      <EmptyState title="No tickets yet">
        <NewTicket />
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No tickets match">
      <p>Take something out of the filter, or leave it.</p>
      <Button
        variant="default"
        mt={12}
        onClick={() => {
          replace({ sort: search.sort });
        }}
      >
        Show all tickets
      </Button>
    </EmptyState>
  );
}
