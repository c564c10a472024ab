import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { rootRoute } from "../../root";
import { ticketsQuery } from "./queries";
import { ticketSearch } from "./search";

export const ticketsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/tickets",
  validateSearch: ticketSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    prefetch(ticketsQuery(deps)); // while the screen's code is being fetched
  },
  component: lazyRouteComponent(() => import("./page"), "TicketsPage"),
});
