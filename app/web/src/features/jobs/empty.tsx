import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../ui/empty-state";
import type { JobSearch } from "./search";

/** Why a list of jobs is empty, and where to go from there. */
export function NoJobs({ search: { tab, status, type, requestedBy } }: { search: JobSearch }) {
  if (status ?? type ?? requestedBy) {
    return (
      <EmptyState title="No jobs match">
        <Link to="/jobs" search={{ tab }}>
          Clear the filters
        </Link>
      </EmptyState>
    );
  }
  switch (tab) {
    case "ended":
      return (
        <EmptyState title="No job has ended yet">What became of each ticket will be found here.</EmptyState>
      );
    case "scheduled":
      return <EmptyState title="No jobs are scheduled">Those that are to begin later wait here.</EmptyState>;
    default:
      return (
        <EmptyState title="Nothing is in motion">
          <Link to="/tickets">Select tickets</Link> to delete or change them all at once, or look at the{" "}
          <Link to="/jobs" search={{ tab: "ended" }}>
            jobs that have ended
          </Link>
          .
        </EmptyState>
      );
  }
}
