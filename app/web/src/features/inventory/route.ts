import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { itemQuery, ledgerQuery, stockQuery } from "./queries";
import { ledgerSearch, stockSearch } from "./search";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const stockRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/stock",
  staticData: { needs: "stock.see" },
  validateSearch: stockSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (mayNow("stock.see")) prefetch(stockQuery(deps));
  },
  component: lazyRouteComponent(() => import("./page"), "StockPage"),
});

/** Over the list. */
export const receivingRoute = createRoute({
  getParentRoute: () => stockRoute,
  path: "receive",
  staticData: { needs: "stock.change" },
  component: lazyRouteComponent(() => import("./receive-dialog"), "ReceiveDialog"),
});

export const ledgerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/stock/ledger",
  staticData: { needs: "stock.see" },
  validateSearch: ledgerSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (mayNow("stock.see")) prefetch(ledgerQuery(deps));
  },
  component: lazyRouteComponent(() => import("./ledger-page"), "LedgerPage"),
});

export const itemRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/stock/$itemId",
  staticData: { needs: "stock.see" },
  validateSearch: ledgerSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params: { itemId }, deps }) => {
    if (!UUID.test(itemId)) throw notFound();
    if (!mayNow("stock.see")) return;
    prefetch(itemQuery(itemId));
    prefetch(ledgerQuery({ ...deps, itemId }));
  },
  component: lazyRouteComponent(() => import("./item-page"), "ItemPage"),
});
