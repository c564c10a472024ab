import { Button, Tabs } from "@mantine/core";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useMay } from "../../../api/may";
import { CopyableId } from "../../../ui/copyable-id";
import { capitalized, timeAgo } from "../../../ui/format";
import { FormProblem } from "../../../ui/form-problem";
import { RelativeTime } from "../../../ui/relative-time";
import { SkeletonRows } from "../../../ui/skeleton";
import { StatusWord } from "../../../ui/status-word";
import { useKeys } from "../../../ui/use-keys";
import { ContactName } from "../../contacts/contact-name";
import { UserName } from "../../users/user-name";
import { useDeleteTicket, type Ticket } from "../queries";
import classes from "./ticket.module.css";

const Conversation = lazy(() => import("../../comments/conversation"));
const History = lazy(() => import("../../history/history"));

type Props = { ticket: Ticket; onEdit: () => void; onGone: () => void };

/** All that there is to read of a ticket. */
export function Reading({ ticket, onEdit, onGone }: Props) {
  return (
    <>
      <h2 className={classes.title}>
        <span className={classes.number}>#{ticket.number}</span> {ticket.title}
      </h2>
      <Actions ticket={ticket} onEdit={onEdit} onGone={onGone} />
      {ticket.description ? (
        <p className={classes.description}>{ticket.description}</p>
      ) : (
        <p className={classes.quiet}>No description</p>
      )}
      <Details ticket={ticket} />
      <Told ticketId={ticket.id} />
    </>
  );
}

const TOLD = { conversation: Conversation, history: History };

/** What was said of a ticket, or what became of it. */
function Told({ ticketId }: { ticketId: string }) {
  const [shown, show] = useState<keyof typeof TOLD>("conversation");
  const Shown = TOLD[shown];
  useKeys(
    {
      h: {
        does: "History or conversation",
        run: () => {
          show(shown === "history" ? "conversation" : "history");
        },
      },
    },
    "Ticket",
  );
  return (
    <>
      <Tabs
        value={shown}
        onChange={(value) => {
          show(value === "history" ? "history" : "conversation");
        }}
        className={classes.told}
      >
        <Tabs.List aria-label="What there is of it">
          <Tabs.Tab value="conversation">Conversation</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <Suspense fallback={<SkeletonRows rows={3} />}>
        <Shown ticketId={ticketId} />
      </Suspense>
    </>
  );
}

function Details({ ticket }: { ticket: Ticket }) {
  const isStaff = useMay("ticket.triage");
  return (
    <dl className={classes.details}>
      <Detail name="Status">
        <StatusWord status={ticket.status} />
      </Detail>
      <Detail name="Priority">{capitalized(ticket.priority)}</Detail>
      {isStaff && <Detail name="Assignee">{ticket.assigneeId && <UserName id={ticket.assigneeId} />}</Detail>}
      <Detail name="Tags">
        {ticket.tags.map((tag) => (
          <span key={tag} className={classes.tag}>
            {tag}
          </span>
        ))}
      </Detail>
      {isStaff && (
        <Detail name="Requester">
          <UserName id={ticket.requesterId} />
        </Detail>
      )}
      {isStaff && (
        <Detail name="Contact">{ticket.contactId ? <ContactName id={ticket.contactId} /> : null}</Detail>
      )}
      <Detail name="Created">
        <RelativeTime at={ticket.createdAt} words={timeAgo} />
      </Detail>
      <Detail name="Updated">
        <RelativeTime at={ticket.updatedAt} words={timeAgo} />
      </Detail>
      <Detail name="Id">
        <CopyableId id={ticket.id} label="ticket id" />
      </Detail>
    </dl>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  const isEmpty = children === null || (Array.isArray(children) && children.length === 0);
  return (
    <>
      <dt>{name}</dt>
      <dd>{isEmpty ? <span className={classes.quiet}>None</span> : children}</dd>
    </>
  );
}

function Actions({ ticket, onEdit, onGone }: Props) {
  const mayDelete = useMay("ticket.delete");
  const remove = useDeleteTicket(ticket);
  return (
    <div className={classes.actions}>
      <Button variant="default" size="compact-md" title="Edit (e)" onClick={onEdit}>
        Edit
      </Button>
      {mayDelete && (
        <Button
          variant="default"
          size="compact-md"
          loading={remove.isPending}
          onClick={() => {
            remove.mutate(undefined, { onSuccess: onGone });
          }}
        >
          Delete
        </Button>
      )}
      <FormProblem problem={remove.error} fields={[]} />
    </div>
  );
}
