import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useMe } from "../../../api/me";
import { FormProblem } from "../../../ui/form-problem";
import type { Ticket } from "../queries";
import { mayDecide, useDecide } from "./queries";

const RejectDialog = lazy(() => import("./reject-dialog"));

/** Approve or reject, for whom it is to decide. */
export function Decision({ ticket }: { ticket: Ticket }) {
  const [isRejecting, setRejecting] = useState(false);
  const { mutate, isPending, error } = useDecide(ticket);
  const me = useMe();
  if (!mayDecide(me, ticket)) return <FormProblem problem={error} fields={[]} />;
  return (
    <>
      <Button
        size="compact-md"
        loading={isPending}
        onClick={() => {
          mutate(undefined);
        }}
      >
        Approve
      </Button>
      <Button
        variant="default"
        size="compact-md"
        onClick={() => {
          setRejecting(true);
        }}
      >
        Reject…
      </Button>
      <FormProblem problem={error} fields={[]} />
      <Suspense>
        {isRejecting && (
          <RejectDialog
            ticket={ticket}
            onClose={() => {
              setRejecting(false);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
