import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { counted } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { Pager } from "../../ui/pager";
import { SkeletonRows } from "../../ui/skeleton";
import { columns } from "./columns";
import classes from "./jobs.module.css";
import { jobsQuery, useArrivals, type Job } from "./queries";
import type { JobSearch } from "./search";

const route = getRouteApi("/jobs");

export function JobsPage() {
  const search = route.useSearch();
  const query = useQuery(jobsQuery(search));
  return (
    <Page title="Jobs">
      <Loaded query={query} skeleton={<SkeletonRows />}>
        {({ jobs, pagination }) => (
          <>
            {pagination.page === 1 && (
              <Arrivals jobs={jobs} search={search} onShow={() => void query.refetch()} />
            )}
            {jobs.length === 0 ? (
              <EmptyState title="No jobs yet">
                Select tickets, and delete or change them all at once.
              </EmptyState>
            ) : (
              <>
                <DataTable caption="Jobs" columns={columns} rows={jobs} keyOf={({ id }) => id} />
                <Pager pagination={pagination} />
              </>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

type ArrivalsProps = { jobs: readonly Job[]; search: JobSearch; onShow: () => void };

function Arrivals({ jobs, search, onShow }: ArrivalsProps) {
  const arrivals = useArrivals(jobs, search);
  if (arrivals === 0) return null;
  return (
    <div className={classes.arrivals}>
      <Button size="compact-sm" variant="subtle" onClick={onShow}>
        {counted(arrivals, "new job")}
      </Button>
    </div>
  );
}
