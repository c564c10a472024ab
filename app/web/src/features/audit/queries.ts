import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api, type Schemas } from "../../api/client";
import type { AuditSearch } from "./search";

export type Entry = Schemas["EntryResponse"];

export const auditQuery = (search: AuditSearch) =>
  queryOptions({
    queryKey: ["audit", "list", search],
    queryFn: ({ signal }) => answerOf(api.GET("/api/audit", { params: { query: search }, signal })),
    placeholderData: keepPreviousData,
  });
