import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { Pager } from "../../ui/pager";
import { useRowKeys } from "../../ui/row-cursor";
import { SearchBox } from "../../ui/search-box";
import { SkeletonRows } from "../../ui/skeleton";
import { BulkBar } from "../bulk/bulk-bar";
import { has } from "../bulk/selection";
import { selectable } from "../bulk/select-column";
import { useSelection } from "../bulk/use-selection";
import { filterOf, isFiltered, MAX_TEXT_LENGTH } from "../tickets/search";
import { Outdated } from "../tickets/outdated";
import { columns } from "./columns";
import { TrashFilters } from "./filters";
import { trashQuery } from "./queries";

const route = getRouteApi("/trash");

export function TrashPage() {
  const search = route.useSearch();
  const query = useQuery(trashQuery(search));
  const selecting = useSelection({ ...filterOf(search), deleted: true });
  useRowKeys("Trash");
  return (
    <Page
      title="Trash"
      tools={<SearchBox label="Search titles" screen="Trash" maxLength={MAX_TEXT_LENGTH} />}
    >
      <TrashFilters />
      <Outdated list={trashQuery(search).queryKey} />
      <Loaded query={query} skeleton={<SkeletonRows />}>
        {({ tickets, pagination }) =>
          tickets.length === 0 ? (
            <EmptyState title={isFiltered(search) ? "No deleted tickets match" : "The trash is empty"}>
              What is deleted stays here until it is purged.
            </EmptyState>
          ) : (
            <>
              <DataTable
                caption="Deleted tickets"
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
      <BulkBar selecting={selecting} page={query.data} types={["bulk-restore", "bulk-purge"]} />
    </Page>
  );
}
