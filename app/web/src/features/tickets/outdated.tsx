import { Button } from "@mantine/core";
import type { QueryKey } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { useIsOutdated } from "./queries";
import classes from "./tickets.module.css";

/** A job has ended since the list was fetched: says so over the list, whose rows stay until they are asked for. */
export function Outdated({ list }: { list: QueryKey }) {
  const isOutdated = useIsOutdated(list);
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
