import { useState } from "react";
import { Confirm } from "../../../ui/confirm";
import { FormProblem } from "../../../ui/form-problem";
import type { Ticket } from "../queries";
import { useRelate } from "./queries";
import { TicketPicker } from "./ticket-picker";
import classes from "./ticket.module.css";

export default function RelateDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const [other, setOther] = useState<Ticket>();
  const relate = useRelate(ticket.id);
  return (
    <Confirm
      title={`Relate a ticket to #${ticket.number}`}
      action={other ? `Relate #${other.number}` : "Relate"}
      isPending={relate.isPending}
      isDisabled={other === undefined}
      onCancel={onClose}
      onConfirm={() => {
        if (other) relate.mutate({ otherId: other.id, isRelated: true }, { onSuccess: onClose });
      }}
    >
      <div className={classes.form}>
        <TicketPicker except={ticket.id} error={undefined} onPick={setOther} />
        <FormProblem problem={relate.error} fields={[]} />
      </div>
    </Confirm>
  );
}
