import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet, useParams } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { Loaded } from "../../ui/loaded";
import { Pager } from "../../ui/pager";
import { SkeletonRows } from "../../ui/skeleton";
import { useColumns } from "./columns";
import { FilterBar } from "./filters/filter-bar";
import { Nothing } from "./nothing";
import { Outdated } from "./outdated";
import { ticketQuery, ticketsQuery } from "./queries";
import { isFiltered } from "./search";
import { SearchField } from "./search-field";
import classes from "./tickets.module.css";
import { useRowKeys } from "./use-row-keys";
import { useSorting } from "./use-sorting";
import { useTop } from "./use-top";

const route = getRouteApi("/tickets");

export function TicketsPage() {
  const search = route.useSearch();
  const query = useQuery(ticketsQuery(search));
  const columns = useColumns();
  const { ticketId: openId } = useParams({ strict: false });
  const sorting = useSorting();
  const isEmpty = query.data?.pagination.total === 0 && !isFiltered(search);
  useRowKeys(openId);
  return (
    <Page title="Tickets" about={useTitleOf(openId)} tools={<SearchField />}>
      <div className={classes.screen} data-open={openId !== undefined || undefined}>
        {!isEmpty && <FilterBar pagination={query.data?.pagination} />}
        <Outdated search={search} />
        <div className={classes.split}>
          <div className={classes.list}>
            <div ref={useTop(search)} />
            <Loaded query={query} skeleton={<SkeletonRows />}>
              {({ tickets, pagination }) =>
                tickets.length === 0 ? (
                  <Nothing />
                ) : (
                  <>
                    <DataTable
                      caption="Tickets"
                      columns={columns}
                      rows={tickets}
                      keyOf={({ id }) => id}
                      openKey={openId}
                      sorting={sorting}
                    />
                    <Pager pagination={pagination} />
                  </>
                )
              }
            </Loaded>
          </div>
          <Outlet />
        </div>
      </div>
    </Page>
  );
}

function useTitleOf(ticketId = ""): string | undefined {
  const { data: ticket } = useQuery({ ...ticketQuery(ticketId), enabled: ticketId !== "" });
  return ticket && `#${ticket.number} ${ticket.title}`;
}
