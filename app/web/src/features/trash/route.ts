import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { trashQuery } from "./queries";
import { trashSearch } from "./search";

export const trashRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/trash",
  staticData: { needs: "trash.see" },
  validateSearch: trashSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (mayNow("trash.see")) prefetch(trashQuery(deps));
  },
  component: lazyRouteComponent(() => import("./page"), "TrashPage"),
});
