import { Button, Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { useLive } from "../../live/queries";
import { count, words } from "../../ui/format";
import { Export } from "./export";
import { ItemList } from "./item-list";
import classes from "./job.module.css";
import { NumberField } from "./number-field";
import type { Job } from "./queries";
import { isMoving } from "./states";

const route = getRouteApi("/jobs/$jobId");

/** What became of each ticket. */
export function Items({ job }: { job: Job }) {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const mayExport = useMay("jobs.export");
  const tab = filter.result ?? "all";

  function open(chosen: string | null) {
    const result = chosen === "failed" || chosen === "unprocessed" ? chosen : undefined;
    void navigate({ search: { result }, replace: true, resetScroll: false });
  }

  return (
    <section aria-labelledby="items" className={classes.items}>
      <h2 id="items">Items</h2>
      <Tabs value={tab} onChange={open}>
        <div className={classes.itemsBar}>
          <ItemTabs job={job} />
          {filter.code && <CodeChip code={filter.code} />}
          <NumberField key={filter.number} />
          {mayExport && <Export jobId={job.id} filter={filter} />}
        </div>
        <Tabs.Panel value={tab}>
          <LiveList job={job} />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function ItemTabs({ job }: { job: Job }) {
  const { total, failed, unprocessed } = useLive(job);
  const tabs = [
    ["all", "All", total],
    ["failed", "Failed", failed],
    ["unprocessed", "Left", unprocessed],
  ] as const;
  return (
    <Tabs.List aria-label="Items">
      {tabs.map(([value, label, number]) => (
        <Tabs.Tab key={value} value={value}>
          {label} <span className={classes.quiet}>{number === null ? "" : count(number)}</span>
        </Tabs.Tab>
      ))}
    </Tabs.List>
  );
}

function CodeChip({ code }: { code: string }) {
  const navigate = route.useNavigate();
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`Show all, not only: ${words(code)}`}
      onClick={() => {
        void navigate({ search: (old) => ({ ...old, code: undefined }), replace: true, resetScroll: false });
      }}
    >
      {words(code)} ✕
    </Button>
  );
}

/** Follows the job, but renders the list only when something changes that the list is made of. */
function LiveList({ job }: { job: Job }) {
  const filter = route.useSearch();
  const live = useLive(job);
  return (
    <ItemList
      key={JSON.stringify(filter)}
      jobId={job.id}
      type={job.type}
      filter={filter}
      total={live.total}
      isMoving={isMoving(live)}
    />
  );
}
