import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../root";

export const usersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/users",
  staticData: { needs: "users.change" },
  component: lazyRouteComponent(() => import("./page"), "UsersPage"),
});
