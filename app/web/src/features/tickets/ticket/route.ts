import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../../api/cache";
import { ticketQuery } from "../queries";
import { ticketsRoute } from "../route";

export const ticketRoute = createRoute({
  getParentRoute: () => ticketsRoute,
  path: "$ticketId",
  loader: ({ params }) => {
    prefetch(ticketQuery(params.ticketId));
  },
  component: lazyRouteComponent(() => import("./panel"), "TicketPanel"),
});
