import { answerOf, api } from "../../api/client";
import { Problem, unreachable } from "../../../client/src/problems.ts";
import { offer } from "../../ui/offer";
import type { ItemFilter } from "./search";

export type Format = "csv" | "ndjson";
type Wanted = Pick<ItemFilter, "result" | "code"> & { format: Format };

type SavePicker = (options: { suggestedName: string }) => Promise<{
  createWritable: () => Promise<WritableStream<Uint8Array>>;
}>;

/**
 * Save a job's items as a file, and tell how many bytes have come; return whether it was not stopped.
 * Where the browser can write to a file of the user's choice, they go there as they come; elsewhere it collects them first.
 */
export async function saveItems(
  jobId: string,
  { format, result, code }: Wanted,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const name = `job-${jobId}-items.${format}`;
  try {
    const file = await chosenFile(name);
    const params = { path: { job_id: jobId }, query: { format, result, code } };
    const url = "/api/jobs/{job_id}/items/export";
    const stream = await answerOf(api.GET(url, { params, signal, parseAs: "stream" }));
    const counted = (stream as ReadableStream<Uint8Array>).pipeThrough(counter(onBytes));
    if (file) await counted.pipeTo(file, { signal });
    else offer(await new Response(counted).blob(), name);
    return true;
  } catch (error) {
    if (signal.aborted || isDismissal(error)) return false;
    throw error instanceof Problem ? error : unreachable(); // the connection broke in the middle
  }
}

async function chosenFile(suggestedName: string): Promise<WritableStream<Uint8Array> | null> {
  const { showSaveFilePicker } = window as { showSaveFilePicker?: SavePicker };
  if (!showSaveFilePicker) return null;
  const file = await showSaveFilePicker({ suggestedName });
  return file.createWritable();
}

function counter(onBytes: (bytes: number) => void) {
  let bytes = 0;
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      onBytes(bytes);
      controller.enqueue(chunk);
    },
  });
}

function isDismissal(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError"; // no file was chosen
}
