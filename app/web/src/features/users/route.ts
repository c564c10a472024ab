import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { usersQuery } from "./queries";
import { userSearch } from "./search";

export const usersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/users",
  staticData: { needs: "users.change" },
  validateSearch: userSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (mayNow("users.change")) prefetch(usersQuery(deps));
  },
  component: lazyRouteComponent(() => import("./page"), "UsersPage"),
});
