import { useQuery } from "@tanstack/react-query";
import { Page } from "../../frame/page";
import { duration, count } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { RelativeTime } from "../../ui/relative-time";
import { SkeletonRows } from "../../ui/skeleton";
import { Assignees, Jobs, Priorities, Statuses } from "./breakdowns";
import classes from "./dashboard.module.css";
import { Days } from "./days";
import { statsQuery, type Stats } from "./queries";

export function DashboardPage() {
  const query = useQuery(statsQuery);
  return (
    <Page title="Dashboard">
      <Loaded query={query} skeleton={<SkeletonRows rows={12} />}>
        {(stats) => (
          <div className={classes.dashboard}>
            <Headline stats={stats} />
            <Days days={stats.days} />
            <div className={classes.breakdowns}>
              <Statuses stats={stats} />
              <Priorities stats={stats} />
              <Assignees stats={stats} />
              <Jobs stats={stats} />
            </div>
            <p className={classes.counted}>
              Counted <RelativeTime at={stats.at} />
            </p>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** The figures that everything else explains. */
function Headline({ stats: { byStatus, breached, firstAnswer, solution } }: { stats: Stats }) {
  const { resolved = 0, closed = 0, ...unsolved } = byStatus;
  const open = Object.values(unsolved).reduce((sum, each) => sum + each, 0);
  return (
    <dl className={classes.headline}>
      <Headed label="Unsolved" value={count(open)} note={`${count(resolved + closed)} solved`} />
      <Headed label="Past their deadline" value={count(breached)} isBad={breached > 0} />
      <Headed label="First answer, median" {...taken(firstAnswer)} />
      <Headed label="Solution, median" {...taken(solution)} />
    </dl>
  );
}

function taken({ count: tickets, medianSeconds, p90Seconds }: Stats["solution"]) {
  if (medianSeconds === null || p90Seconds === null) return { value: "—", note: "none in 30 days" };
  return { value: duration(medianSeconds), note: `p90 ${duration(p90Seconds)}, of ${count(tickets)}` };
}

type HeadedProps = { label: string; value: string; note?: string; isBad?: boolean };

function Headed({ label, value, note, isBad = false }: HeadedProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-bad={isBad || undefined}>{value}</dd>
      {note !== undefined && <dd className={classes.note}>{note}</dd>}
    </div>
  );
}
