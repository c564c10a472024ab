import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { CursorPages } from "../../ui/cursor-pages";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { OpeningTable } from "../../ui/opening-table";
import { SkeletonRows } from "../../ui/skeleton";
import { COLUMNS } from "./columns";
import { Details } from "./details";
import { AuditFilters } from "./filters";
import { auditQuery } from "./queries";

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
              <OpeningTable
                caption="Audit"
                columns={COLUMNS}
                rows={entries}
                details={(entry) => <Details entry={entry} />}
              />
              <CursorPages first="Newest" next="Older" nextCursor={nextCursor} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
