import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet, useParams } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { Loaded } from "../../ui/loaded";
import { Pager } from "../../ui/pager";
import { useRowKeys } from "../../ui/row-cursor";
import { SearchBox } from "../../ui/search-box";
import { SkeletonRows } from "../../ui/skeleton";
import { BulkBar } from "../bulk/bulk-bar";
import { selectable } from "../bulk/select-column";
import { has } from "../bulk/selection";
import { useSelection, type Selecting } from "../bulk/use-selection";
import { useColumns } from "./columns";
import { FilterBar } from "./filters/filter-bar";
import { Nothing } from "./nothing";
import { Outdated } from "./outdated";
import { ticketQuery, ticketsQuery, type Ticket } from "./queries";
import { filterOf, isFiltered, MAX_TEXT_LENGTH } from "./search";
import classes from "./tickets.module.css";
import { useSorting } from "./use-sorting";
import { useTop } from "./use-top";

const route = getRouteApi("/tickets");

export function TicketsPage() {
  const search = route.useSearch();
  const query = useQuery(ticketsQuery(search));
  const { ticketId: openId } = useParams({ strict: false });
  const isEmpty = query.data?.pagination.total === 0 && !isFiltered(search);
  const selecting = useSelection(filterOf(search));
  useRowKeys("Tickets", useWalk(openId));
  return (
    <Page
      title="Tickets"
      about={useTitleOf(openId)}
      tools={<SearchBox label="Search titles" screen="Tickets" maxLength={MAX_TEXT_LENGTH} />}
    >
      <div className={classes.screen} data-open={openId !== undefined || undefined}>
        {!isEmpty && <FilterBar pagination={query.data?.pagination} />}
        <Outdated list={ticketsQuery(search).queryKey} />
        <div className={classes.split}>
          <div className={classes.list}>
            <div ref={useTop(search)} />
            <Loaded query={query} skeleton={<SkeletonRows />}>
              {({ tickets, pagination }) =>
                tickets.length === 0 ? (
                  <Nothing />
                ) : (
                  <List tickets={tickets} pagination={pagination} openId={openId} selecting={selecting} />
                )
              }
            </Loaded>
          </div>
          <Outlet />
        </div>
      </div>
      <BulkBar selecting={selecting} page={query.data} types={["bulk-delete", "bulk-update"]} />
    </Page>
  );
}

type ListProps = {
  tickets: Ticket[];
  pagination: Schemas["Pagination"];
  openId: string | undefined;
  selecting: Selecting;
};

function List({ tickets, pagination, openId, selecting }: ListProps) {
  return (
    <>
      <DataTable
        caption="Tickets"
        columns={selectable(useColumns(route.useSearch().columns), tickets, selecting)}
        rows={tickets}
        keyOf={({ id }) => id}
        isChosen={({ id }) => has(selecting.selection, id)}
        openKey={openId}
        sorting={useSorting()}
      />
      <Pager pagination={pagination} />
    </>
  );
}

/** Beside an open ticket, the cursor opens each one on its way. */
function useWalk(openId: string | undefined): (ticketId: string) => void {
  const navigate = route.useNavigate();
  return (ticketId) => {
    if (openId === undefined) return;
    void navigate({ to: "/tickets/$ticketId", params: { ticketId }, search: true, replace: true });
  };
}

function useTitleOf(ticketId = ""): string | undefined {
  const { data: ticket } = useQuery({ ...ticketQuery(ticketId), enabled: ticketId !== "" });
  return ticket && `#${ticket.number} ${ticket.title}`;
}
