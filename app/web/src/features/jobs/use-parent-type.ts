import { useQuery } from "@tanstack/react-query";
import { recentQuery } from "../../live/queries";
import { jobQuery } from "../job/queries";
import type { Job } from "./queries";

/** What type of job this one was made of, if that is known without asking for it. */
export function useParentType({ parentJobId }: Pick<Job, "parentJobId">): string | undefined {
  const seen = useQuery({ ...jobQuery(parentJobId ?? ""), enabled: false });
  const recent = useQuery({
    ...recentQuery,
    enabled: false,
    select: ({ jobs }) => jobs.find(({ id }) => id === parentJobId)?.type,
  });
  return seen.data?.type ?? recent.data;
}
