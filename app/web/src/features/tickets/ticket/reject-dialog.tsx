import { Textarea } from "@mantine/core";
import { useState } from "react";
import { Confirm } from "../../../ui/confirm";
import { FormProblem } from "../../../ui/form-problem";
import type { Ticket } from "../queries";
import { useDecide } from "./queries";
import classes from "./ticket.module.css";

type Props = { ticket: Ticket; onClose: () => void };

export default function RejectDialog({ ticket, onClose }: Props) {
  const [reason, setReason] = useState("");
  const { mutate, isPending, error } = useDecide(ticket);
  return (
    <Confirm
      title={`Reject #${ticket.number}`}
      action="Reject"
      isDangerous
      isPending={isPending}
      isDisabled={reason.trim() === ""}
      onCancel={onClose}
      onConfirm={() => {
        mutate(reason, { onSuccess: onClose });
      }}
    >
      <div className={classes.form}>
        <Textarea
          label="Why?"
          description="Whoever asked reads it"
          data-autofocus
          rows={3}
          maxLength={500}
          value={reason}
          error={error?.about("reason")}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <FormProblem problem={error} fields={["reason"]} />
      </div>
    </Confirm>
  );
}
