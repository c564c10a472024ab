import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "../../../ui/confirm";
import { FormProblem } from "../../../ui/form-problem";
import { toast } from "../../../ui/toast";
import type { Ticket } from "../queries";
import { useMerge } from "./queries";
import { TicketPicker } from "./ticket-picker";
import classes from "./ticket.module.css";

export default function MergeDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const [survivor, setSurvivor] = useState<Ticket>();
  const merge = useMerge(ticket);
  const navigate = useNavigate();

  function confirm(into: Ticket) {
    merge.mutate(into.id, {
      onSuccess: () => {
        toast(`Merged #${ticket.number} into #${into.number}`);
        onClose();
        void navigate({ to: "/tickets/$ticketId", params: { ticketId: into.id }, search: true });
      },
    });
  }

  return (
    <Confirm
      title={`Merge #${ticket.number} into another ticket`}
      action={survivor ? `Merge into #${survivor.number}` : "Merge"}
      isDangerous
      isPending={merge.isPending}
      isDisabled={survivor === undefined}
      onCancel={onClose}
      onConfirm={() => {
        if (survivor) confirm(survivor);
      }}
    >
      <div className={classes.form}>
        <p>
          #{ticket.number} is closed for good. Its comments and tags go to the ticket that you choose; where
          that is another requester’s, the comments become internal notes. This cannot be undone.
        </p>
        <TicketPicker except={ticket.id} error={merge.error?.about("into")} onPick={setSurvivor} />
        <FormProblem problem={merge.error} fields={["into"]} />
      </div>
    </Confirm>
  );
}
