import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { FormProblem } from "../../../ui/form-problem";
import { StatusWord } from "../../../ui/status-word";
import type { Ticket } from "../queries";
import { relatedQuery, useRelate } from "./queries";
import classes from "./ticket.module.css";

const RelateDialog = lazy(() => import("./relate-dialog"));

/** The tickets that this one has to do with. */
export function Related({ ticket }: { ticket: Ticket }) {
  const { data = [], error } = useQuery(relatedQuery(ticket.id));
  const unrelate = useRelate(ticket.id);
  const [isAdding, setAdding] = useState(false);
  return (
    <section aria-label="Related tickets" className={classes.related}>
      <div className={classes.relatedHead}>
        <h3>Related tickets</h3>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => {
            setAdding(true);
          }}
        >
          <span aria-hidden>+&nbsp;</span>Relate<span className="visually-hidden"> a ticket</span>
        </Button>
      </div>
      <ul>
        {data.map((other) => (
          <RelatedTicket
            key={other.id}
            ticket={other}
            onRemove={() => {
              unrelate.mutate({ otherId: other.id, isRelated: false });
            }}
          />
        ))}
      </ul>
      <FormProblem problem={unrelate.error ?? error} fields={[]} />
      <Suspense>
        {isAdding && (
          <RelateDialog
            ticket={ticket}
            onClose={() => {
              setAdding(false);
            }}
          />
        )}
      </Suspense>
    </section>
  );
}

function RelatedTicket({ ticket, onRemove }: { ticket: Ticket; onRemove: () => void }) {
  return (
    <li>
      <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }} search={true}>
        #{ticket.number} {ticket.title}
      </Link>
      <StatusWord status={ticket.status} />
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={`Do not relate #${ticket.number} any more`}
        onClick={onRemove}
      >
        <span aria-hidden>✕</span>
      </ActionIcon>
    </li>
  );
}
