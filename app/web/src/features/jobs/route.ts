import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
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
    if (mayNow("jobs.see")) prefetch(jobsQuery(deps));
  },
  component: lazyRouteComponent(() => import("./page"), "JobsPage"),
});
