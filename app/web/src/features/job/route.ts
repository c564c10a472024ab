import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { rootRoute } from "../../root";
import { jobQuery } from "./queries";
import { itemFilter } from "./search";

export const jobRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs/$jobId",
  staticData: { needs: "jobs.see" },
  validateSearch: itemFilter,
  loader: ({ params: { jobId } }) => {
    prefetch(jobQuery(jobId));
  },
  component: lazyRouteComponent(() => import("./page"), "JobPage"),
});
