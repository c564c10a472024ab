import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { ticketsRoute } from "../route";

/** Over the list of tickets, from wherever one comes. */
export const newTicketRoute = createRoute({
  getParentRoute: () => ticketsRoute,
  path: "new",
  component: lazyRouteComponent(() => import("./create-dialog"), "CreateDialog"),
});

export const newRequestRoute = createRoute({
  getParentRoute: () => ticketsRoute,
  path: "new/$type",
  component: lazyRouteComponent(() => import("../../requests/request-dialog"), "RequestDialog"),
});
