import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { accountRoute } from "./features/account/route";
import { auditRoute } from "./features/audit/route";
import { contactRoute, contactsRoute, newContactRoute } from "./features/contacts/route";
import { dashboardRoute } from "./features/dashboard/route";
import { importRoute, newImportRoute } from "./features/imports/route";
import { itemRoute, ledgerRoute, receivingRoute, stockRoute } from "./features/inventory/route";
import { jobRoute } from "./features/job/route";
import { jobsRoute } from "./features/jobs/route";
import { newRequestRoute, newTicketRoute } from "./features/tickets/create/route";
import { ticketsRoute } from "./features/tickets/route";
import { ticketRoute } from "./features/tickets/ticket/route";
import { outboxRoute } from "./features/notifications/route";
import { policiesRoute } from "./features/policies/route";
import { trashRoute } from "./features/trash/route";
import { usersRoute } from "./features/users/route";
import { webhookRoute, webhooksRoute } from "./features/webhooks/route";
import { BrokenPage } from "./frame/broken";
import { NotFoundPage } from "./frame/not-found";
import { rootRoute } from "./root";
import { parseSearch, stringifySearch } from "./search";

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/tickets", replace: true });
  },
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    ticketsRoute.addChildren([newTicketRoute, newRequestRoute, ticketRoute]),
    jobsRoute,
    jobRoute,
    trashRoute,
    dashboardRoute,
    contactsRoute.addChildren([newContactRoute, contactRoute]),
    stockRoute.addChildren([receivingRoute]),
    ledgerRoute,
    itemRoute,
    newImportRoute,
    importRoute,
    auditRoute,
    usersRoute,
    policiesRoute,
    webhooksRoute,
    webhookRoute,
    outboxRoute,
    accountRoute,
  ]),
  parseSearch,
  stringifySearch,
  search: { strict: true }, // what no screen knows is left out, and not asked of the API
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0, // the query cache knows what is stale
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
