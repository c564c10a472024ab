import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { prefetch } from "../../api/cache";
import { mayNow } from "../../api/may";
import { rootRoute } from "../../root";
import { jobQuery } from "./queries";
import { itemFilter } from "./search";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const jobRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs/$jobId",
  staticData: { needs: "jobs.see" },
  validateSearch: itemFilter,
  loader: ({ params: { jobId } }) => {
    if (!UUID.test(jobId)) throw notFound();
    if (mayNow("jobs.see")) prefetch(jobQuery(jobId));
  },
  component: lazyRouteComponent(() => import("./page"), "JobPage"),
});
