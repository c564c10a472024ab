import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { cache } from "../../api/cache";
import { rootRoute } from "../../root";
import { jobsQuery } from "./queries";
import { jobSearch } from "./search";

export const jobsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs",
  staticData: { needs: "jobs.see" },
  validateSearch: jobSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    void cache.prefetchQuery(jobsQuery(deps));
  },
  component: lazyRouteComponent(() => import("./page"), "JobsPage"),
});
