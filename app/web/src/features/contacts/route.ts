import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { contactsQuery } from "./queries";
import { contactSearch } from "./search";

export const contactsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/contacts",
  staticData: { needs: "contacts.work" },
  validateSearch: contactSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (mayNow("contacts.work")) prefetch(contactsQuery(deps));
  },
  component: lazyRouteComponent(() => import("./page"), "ContactsPage"),
});

/** Over the list, from wherever one comes. */
export const newContactRoute = createRoute({
  getParentRoute: () => contactsRoute,
  path: "new",
  component: lazyRouteComponent(() => import("./new-contact"), "NewContactDialog"),
});

export const contactRoute = createRoute({
  getParentRoute: () => contactsRoute,
  path: "$contactId",
  component: lazyRouteComponent(() => import("./contact-dialog"), "ContactDialog"),
});
