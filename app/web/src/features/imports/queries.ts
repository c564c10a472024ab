import { queryOptions, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import { RequestKey } from "../../api/request-key";
import { postJob } from "../bulk/queries";
import type { AnyRequest } from "../bulk/requests";
import { pairsOf, type Column } from "./fields";
import { formatOf, MEDIA_TYPES } from "./files";

export type Import = Schemas["ImportResponse"];
export type Fault = Schemas["ProblemResponse"];

/** What a file holds does not change any more. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", "one", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/imports/{import_id}", { params: { path: { import_id: id } }, signal })),
    staleTime: Infinity,
  });

type Upload = {
  file: File;
  /** What its columns are, where that is not left to their names. */
  columns?: readonly Column[];
};

export function useUpload() {
  return useMutation({
    mutationKey: ["imports", "upload"],
    mutationFn: ({ file, columns }: Upload) => {
      const headers = { "Content-Type": MEDIA_TYPES[formatOf(file.name)] };
      const query = columns ? { map: pairsOf(columns) } : {};
      // the file itself, which the browser reads as it sends it, and no text of it
      const body = { body: "", bodySerializer: () => file };
      return answerOf(api.POST("/api/imports", { ...body, headers, params: { query } }));
    },
    onSuccess: (found, { file }) => {
      files.set(found.id, file);
      cache.setQueryData(importQuery(found.id).queryKey, found);
    },
  });
}

const files = new Map<string, File>();

/** Return the file that an import was made of, which the page knows until it is loaded anew. */
export function fileOf(importId: string): File | undefined {
  return files.get(importId);
}

/** Post the job that makes tickets of an import; once, however often it is tried. */
export function useRun(importId: string) {
  const [key] = useState(() => new RequestKey());
  return useMutation({
    mutationKey: ["imports", "run", importId],
    mutationFn: (reason: string) => {
      const request: AnyRequest = {
        type: "bulk-import",
        payload: { importId },
        priority: "normal",
        reason: reason.trim() || null,
      };
      return postJob(request, key.for(request));
    },
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

export function useDiscard(importId: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.DELETE("/api/imports/{import_id}", { params: { path: { import_id: importId } } })),
  });
}

const PAGE_FAULTS = 100;
export const MAX_FAULTS = 10_000; // a file with more is wrong as a whole

/** Return what is wrong with a file by line, up to MAX_FAULTS. */
export async function faultsOf(importId: string): Promise<Fault[]> {
  const faults: Fault[] = [];
  let cursor: string | null | undefined;
  do {
    const params = {
      path: { import_id: importId },
      query: { limit: PAGE_FAULTS, ...(cursor && { cursor }) },
    };
    const part = await answerOf(api.GET("/api/imports/{import_id}/problems", { params }));
    faults.push(...part.problems);
    cursor = part.nextCursor;
  } while (cursor !== null && faults.length < MAX_FAULTS);
  return faults;
}
