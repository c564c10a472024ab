import { Button } from "@mantine/core";
import { cache } from "../../api/cache";
import { ticketsQuery, useIsOutdated } from "./queries";
import type { TicketSearch } from "./search";
import classes from "./tickets.module.css";

/** A job has ended since the list was fetched: says so over the list, whose rows stay until they are asked for. */
export function Outdated({ search }: { search: TicketSearch }) {
  const isOutdated = useIsOutdated(ticketsQuery(search).queryKey);
  return (
    <div role="status" className={classes.outdated}>
      {isOutdated && (
        <p>
          Tickets have changed
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => void cache.refetchQueries({ queryKey: ["tickets"], type: "active" })}
          >
            Reload
          </Button>
        </p>
      )}
    </div>
  );
}
