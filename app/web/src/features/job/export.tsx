import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Problem } from "../../../client/src/problems.ts";
import { toast } from "../../ui/toast";
import { saveItems, type Format } from "./download";
import classes from "./job.module.css";
import type { ItemFilter } from "./search";

/** Saves the items that the filter lets through as a file. */
export function Export({ jobId, filter }: { jobId: string; filter: ItemFilter }) {
  const [bytes, setBytes] = useState(0);
  const [stop, setStop] = useState(() => new AbortController());
  const save = useMutation<boolean, Problem, Format>({
    mutationFn: (format) => saveItems(jobId, { ...filter, format }, setBytes, stop.signal),
    onMutate: () => {
      setBytes(0);
    },
    onSuccess: (isSaved) => {
      if (isSaved) toast("The items are saved");
    },
    onSettled: () => {
      setStop(new AbortController());
    },
  });

  if (save.isPending) {
    return (
      <span className={classes.exporting}>
        Exporting… {(bytes / 1e6).toFixed(1)} MB
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            stop.abort();
          }}
        >
          Stop the export
        </Button>
      </span>
    );
  }
  return (
    <span className={classes.exporting}>
      {save.isError && <span role="alert">Not exported: {save.error.detail}</span>}
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          save.mutate("csv");
        }}
      >
        Export CSV
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          save.mutate("ndjson");
        }}
      >
        Export NDJSON
      </Button>
    </span>
  );
}
