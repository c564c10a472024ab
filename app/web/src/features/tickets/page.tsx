import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { Pager } from "../../ui/pager";
import { SkeletonRows } from "../../ui/skeleton";
import { BulkBar } from "../bulk/bulk-bar";
import { filterOf } from "../bulk/requests";
import { selectable } from "../bulk/select-column";
import { has } from "../bulk/selection";
import { useSelection } from "../bulk/use-selection";
import { columns } from "./columns";
import { SearchField } from "./search-field";
import { ticketsQuery } from "./queries";

const route = getRouteApi("/tickets");

export function TicketsPage() {
  const search = route.useSearch();
  const query = useQuery(ticketsQuery(search));
  const selecting = useSelection(filterOf(search));
  return (
    <Page title="Tickets" tools={<SearchField />}>
      <Loaded query={query} skeleton={<SkeletonRows />}>
        {({ tickets, pagination }) =>
          tickets.length === 0 ? (
            <EmptyState title="No tickets match">Take something out of the search, or clear it.</EmptyState>
          ) : (
            <>
              <DataTable
                caption="Tickets"
                columns={selectable(columns, tickets, selecting)}
                rows={tickets}
                keyOf={({ id }) => id}
                isChosen={({ id }) => has(selecting.selection, id)}
              />
              <Pager pagination={pagination} />
            </>
          )
        }
      </Loaded>
      <BulkBar selecting={selecting} page={query.data} types={["bulk-delete", "bulk-update"]} />
    </Page>
  );
}
