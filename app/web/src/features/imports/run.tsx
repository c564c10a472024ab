import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { cache } from "../../api/cache";
import { counted } from "../../ui/format";
import { FormProblem } from "../../ui/form-problem";
import classes from "./imports.module.css";
import { useDiscard, useRun, type Import } from "./queries";

const MAX_REASON = 500;

/** Makes tickets of the file, and leads to the job that does. */
export function Run({ found, isReady }: { found: Import; isReady: boolean }) {
  const [reason, setReason] = useState("");
  const run = useRun(found.id);
  const navigate = useNavigate();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (cache.isMutating({ mutationKey: ["imports", "run", found.id] }) > 0) return; // pressed twice before it rendered
    run.mutate(reason, {
      onSuccess: ({ id }) => void navigate({ to: "/jobs/$jobId", params: { jobId: id } }),
    });
  }

  return (
    <form className={classes.run} onSubmit={submit}>
      <TextInput
        label="Why?"
        description="For the audit log"
        maxLength={MAX_REASON}
        value={reason}
        error={run.error?.about("reason")}
        onChange={({ currentTarget }) => {
          setReason(currentTarget.value);
        }}
      />
      <FormProblem problem={run.error} fields={["reason"]} />
      <div className={classes.actions}>
        <Button type="submit" loading={run.isPending} disabled={!isReady}>
          Import {counted(found.valid, "ticket")}
        </Button>
        <Discard importId={found.id} />
      </div>
    </form>
  );
}

function Discard({ importId }: { importId: string }) {
  const discard = useDiscard(importId);
  const navigate = useNavigate();
  return (
    <>
      <Button
        variant="default"
        loading={discard.isPending}
        onClick={() => {
          discard.mutate(undefined, { onSuccess: () => void navigate({ to: "/imports" }) });
        }}
      >
        Discard the file
      </Button>
      <FormProblem problem={discard.error} fields={[]} />
    </>
  );
}
