import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";
import { jobTypesQuery } from "../jobs/queries";
import {
  previewRequestOf,
  BLANK,
  targetsOf,
  type AnyRequest,
  type Filter,
  type JobRequest,
  type JobType,
} from "./requests";
import { EVERYTHING } from "./selection";

export type Preview = Schemas["PreviewResponse"];

/** What a job would do. It stays as it was seen until it is asked for again: what someone confirms must not move. */
export const previewQuery = (request: JobRequest) =>
  queryOptions({
    queryKey: ["preview", request],
    queryFn: ({ signal }) => answerOf(api.POST("/api/jobs/preview", { body: request, signal })),
    staleTime: Infinity,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });

/** Return how many tickets a filter matches: what the list says if it has counted them all, and else a preview. */
export function useMatching(
  type: JobType,
  filter: Filter,
  pagination: Schemas["Pagination"] | undefined,
  isWanted: boolean,
): number | undefined {
  const isKnown = pagination?.totalIsExact === true;
  const request = previewRequestOf(type, targetsOf(EVERYTHING, filter), BLANK);
  const preview = useQuery({
    ...previewQuery(request),
    enabled: isWanted && !isKnown,
    placeholderData: undefined,
  });
  return isKnown ? pagination.total : preview.data?.total;
}

/** What the codes of a type's items mean, in the server's words. */
export const codesQuery = (type: JobType) =>
  queryOptions({
    ...jobTypesQuery,
    select: ({ jobTypes }) => {
      const codes = jobTypes.find((one) => one.type === type)?.codes ?? [];
      return new Map(codes.map(({ code, message }) => [code, message]));
    },
  });

export function postJob(request: AnyRequest, key: string) {
  return answerOf(api.POST("/api/jobs", { body: request, params: { header: { "Idempotency-Key": key } } }));
}
