import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { useRecentJobs } from "../../live/queries";
import { DataTable } from "../../ui/data-table";
import { counted } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { Pager } from "../../ui/pager";
import { useRowKeys } from "../../ui/row-cursor";
import { SkeletonRows } from "../../ui/skeleton";
import { arrivals } from "./arrivals";
import { columns } from "./columns";
import { NoJobs } from "./empty";
import { Filters } from "./filters";
import classes from "./jobs.module.css";
import { jobsQuery, type JobPage } from "./queries";

const route = getRouteApi("/jobs");

export function JobsPage() {
  const { tab = "motion" } = route.useSearch();
  const navigate = route.useNavigate();
  useRowKeys("Jobs");

  function open(chosen: string | null) {
    const next = chosen === "ended" || chosen === "scheduled" ? chosen : undefined;
    void navigate({ search: ({ type, requestedBy }) => ({ type, requestedBy, tab: next }) });
  }

  return (
    <Page title="Jobs">
      <Tabs value={tab} onChange={open}>
        <div className={classes.bar}>
          <Tabs.List aria-label="Jobs">
            <Tabs.Tab value="motion">In motion</Tabs.Tab>
            <Tabs.Tab value="ended">Ended</Tabs.Tab>
            <Tabs.Tab value="scheduled">Scheduled</Tabs.Tab>
          </Tabs.List>
          <Filters />
        </div>
        <Tabs.Panel value={tab}>
          <JobList />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function JobList() {
  const search = route.useSearch();
  const query = useQuery(jobsQuery(search));
  return (
    <Loaded query={query} skeleton={<SkeletonRows />}>
      {(page) => (
        <>
          {page.pagination.page === 1 && <Arrivals page={page} onShow={() => void query.refetch()} />}
          {page.jobs.length === 0 ? (
            <NoJobs search={search} />
          ) : (
            <>
              <DataTable caption="Jobs" columns={columns} rows={page.jobs} keyOf={({ id }) => id} />
              <Pager pagination={page.pagination} />
            </>
          )}
        </>
      )}
    </Loaded>
  );
}

function Arrivals({ page, onShow }: { page: JobPage; onShow: () => void }) {
  const arrived = arrivals(useRecentJobs(), page, route.useSearch());
  if (arrived.length === 0) return null;
  return (
    <div className={classes.arrivals}>
      <Button size="compact-sm" variant="subtle" onClick={onShow}>
        {counted(arrived.length, "new job")}
      </Button>
    </div>
  );
}
