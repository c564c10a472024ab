import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import uiClasses from "../../ui/ui.module.css";
import { useRowKeys } from "../../ui/row-cursor";
import classes from "./audit.module.css";
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
              <Pages nextCursor={nextCursor} />
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

/** The log is read from its end, and nobody has counted it: one goes on to what is older. */
function Pages({ nextCursor }: { nextCursor: string | null }) {
  const { cursor } = route.useSearch();
  if (cursor === undefined && nextCursor === null) return null;
  return (
    <nav aria-label="Pages" className={classes.pages}>
      <PageLink cursor={undefined} isThere={cursor !== undefined}>
        Newest
      </PageLink>
      <PageLink cursor={nextCursor ?? undefined} isThere={nextCursor !== null}>
        Older
      </PageLink>
    </nav>
  );
}

type PageLinkProps = { cursor: string | undefined; isThere: boolean; children: string };

function PageLink({ cursor, isThere, children }: PageLinkProps) {
  return (
    <Link
      to="/audit"
      search={(search) => ({ ...search, cursor })}
      disabled={!isThere}
      className={uiClasses.pageLink}
    >
      {children}
    </Link>
  );
}
