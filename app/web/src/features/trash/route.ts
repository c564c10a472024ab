import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../root";

export const trashRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/trash",
  staticData: { needs: "trash.see" },
  component: lazyRouteComponent(() => import("./page"), "TrashPage"),
});
