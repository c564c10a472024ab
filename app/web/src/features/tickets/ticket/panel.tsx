import { CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useOpenTicket } from "../../../live/presence";
import { Loaded } from "../../../ui/loaded";
import { SkeletonRows } from "../../../ui/skeleton";
import { focusRow } from "../../../ui/row-cursor";
import { useKeys } from "../../../ui/use-keys";
import { ticketQuery, type Ticket } from "../queries";
import { EditForm } from "./edit-form";
import { Reading } from "./reading";
import classes from "./ticket.module.css";

const route = getRouteApi("/tickets/$ticketId");

/** A ticket beside the list; in a window too narrow for both, in its place. */
export function TicketPanel() {
  const { ticketId } = route.useParams();
  const query = useQuery(ticketQuery(ticketId));
  const close = useClose(ticketId);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus();
  }, []); // not again for each ticket that the cursor walks to
  useKeys({ Escape: { does: "Close the ticket", run: close } }, "Ticket");
  return (
    <section ref={panel} tabIndex={-1} aria-label="Ticket" className={classes.panel}>
      <button type="button" className={classes.back} onClick={close}>
        <span aria-hidden>← </span>All tickets
      </button>
      <CloseButton aria-label="Close ticket" title="Close (Esc)" className={classes.close} onClick={close} />
      <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
        {(ticket) => <TicketView key={ticket.id} ticket={ticket} onGone={close} />}
      </Loaded>
    </section>
  );
}

function TicketView({ ticket, onGone }: { ticket: Ticket; onGone: () => void }) {
  useOpenTicket(ticket.id);
  const [isEditing, setEditing] = useState(false);
  const edit = () => {
    setEditing(true);
  };
  useKeys({ e: { does: "Edit", run: edit } }, "Ticket");
  if (!isEditing) return <Reading ticket={ticket} onEdit={edit} onGone={onGone} />;
  return (
    <EditForm
      ticket={ticket}
      onDone={() => {
        setEditing(false);
      }}
    />
  );
}

/** Back to the list, and there to the ticket's row. */
function useClose(ticketId: string): () => void {
  const navigate = route.useNavigate();
  return () => {
    void navigate({ to: "/tickets", search: true }).then(() => {
      focusRow(ticketId);
    });
  };
}
