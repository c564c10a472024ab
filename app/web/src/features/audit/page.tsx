import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../../frame/page";
import { CursorPages } from "../../ui/cursor-pages";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import { useRowKeys } from "../../ui/row-cursor";
import { columnsWith } from "./columns";
import { Details } from "./details";
import { AuditFilters } from "./filters";
import { auditQuery, type Entry } from "./queries";

const route = getRouteApi("/audit");

export function AuditPage() {
  const query = useQuery(auditQuery(route.useSearch()));
  return (
    <Page title="Audit">
      <AuditFilters />
      <Loaded query={query} skeleton={<SkeletonRows />}>
        {({ entries, nextCursor }) =>
          entries.length === 0 ? (
            <EmptyState title="Nothing was recorded like that">
              Take a filter out, or look at other days.
            </EmptyState>
          ) : (
            <>
              <Log entries={entries} />
              <CursorPages first="Newest" next="Older" nextCursor={nextCursor} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function Log({ entries }: { entries: Entry[] }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  useRowKeys("Audit");

  function toggle(id: number) {
    setOpen((old) => new Set(old.has(id) ? [...old].filter((other) => other !== id) : [...old, id]));
  }

  return (
    <DataTable
      caption="Audit"
      columns={columnsWith((id) => open.has(id), toggle)}
      rows={entries}
      keyOf={({ id }) => String(id)}
      details={(entry) => open.has(entry.id) && <Details entry={entry} />}
    />
  );
}
