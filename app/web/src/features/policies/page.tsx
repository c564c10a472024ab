import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { useRowKeys } from "../../ui/row-cursor";
import { SkeletonRows } from "../../ui/skeleton";
import { calendarColumns, policyColumns } from "./columns";
import classes from "./policies.module.css";
import { calendarsQuery, policiesQuery, type Calendar, type Policy } from "./queries";

const PolicyDialog = lazy(() => import("./policy-dialog"));
const CalendarDialog = lazy(() => import("./calendar-dialog"));

export function PoliciesPage() {
  useRowKeys("Policies");
  return (
    <Page title="Policies">
      <Policies />
      <Calendars />
    </Page>
  );
}

function Policies() {
  const query = useQuery(policiesQuery);
  const calendars = useQuery(calendarsQuery).data?.calendars ?? [];
  const [open, setOpen] = useState<Policy | "new">();
  const last = query.data?.policies.at(-1)?.position ?? 0;
  return (
    <Section
      title="Deadlines"
      about="The first policy that fits a ticket says by when it is to be answered and solved."
      action="New policy"
      onNew={() => {
        setOpen("new");
      }}
    >
      <Loaded query={query} skeleton={<SkeletonRows rows={4} />}>
        {({ policies }) =>
          policies.length === 0 ? (
            <EmptyState title="No policies yet">Without one no ticket has a deadline.</EmptyState>
          ) : (
            <DataTable
              caption="Policies"
              columns={policyColumns(calendars, setOpen)}
              rows={policies}
              keyOf={({ id }) => id}
            />
          )
        }
      </Loaded>
      <Suspense>
        {open && (
          <PolicyDialog
            policy={open === "new" ? undefined : open}
            position={last + 1}
            calendars={calendars}
            onClose={() => {
              setOpen(undefined);
            }}
          />
        )}
      </Suspense>
    </Section>
  );
}

function Calendars() {
  const query = useQuery(calendarsQuery);
  const [open, setOpen] = useState<Calendar | "new">();
  return (
    <Section
      title="Calendars"
      about="Only these hours count, for the policies that say so."
      action="New calendar"
      onNew={() => {
        setOpen("new");
      }}
    >
      <Loaded query={query} skeleton={<SkeletonRows rows={2} />}>
        {({ calendars }) =>
          calendars.length === 0 ? (
            <EmptyState title="No calendars yet">Without one the clock runs day and night.</EmptyState>
          ) : (
            <DataTable
              caption="Calendars"
              columns={calendarColumns(setOpen)}
              rows={calendars}
              keyOf={({ id }) => id}
            />
          )
        }
      </Loaded>
      <Suspense>
        {open && (
          <CalendarDialog
            calendar={open === "new" ? undefined : open}
            onClose={() => {
              setOpen(undefined);
            }}
          />
        )}
      </Suspense>
    </Section>
  );
}

type SectionProps = { title: string; about: string; action: string; onNew: () => void; children: ReactNode };

function Section({ title, about, action, onNew, children }: SectionProps) {
  return (
    <section aria-label={title} className={classes.section}>
      <div className={classes.head}>
        <h2>{title}</h2>
        <p>{about}</p>
        <Button size="compact-md" variant="default" onClick={onNew}>
          <span aria-hidden>+&nbsp;</span>
          {action}
        </Button>
      </div>
      {children}
    </section>
  );
}
