import type { ReactNode } from "react";
import { useMay } from "../../../api/may";
import { CopyableId } from "../../../ui/copyable-id";
import { capitalized, exactTime, timeAgo } from "../../../ui/format";
import { RelativeTime } from "../../../ui/relative-time";
import { StatusWord } from "../../../ui/status-word";
import { ContactName } from "../../contacts/contact-name";
import { UserName } from "../../users/user-name";
import { Due } from "../due";
import type { Ticket } from "../queries";
import classes from "./ticket.module.css";

/** A ticket's properties. */
export function Details({ ticket }: { ticket: Ticket }) {
  const isStaff = useMay("ticket.triage");
  return (
    <dl className={classes.details}>
      <Detail name="Status">
        <StatusWord status={ticket.status} />
      </Detail>
      <Detail name="Priority">{capitalized(ticket.priority)}</Detail>
      {isStaff && <Detail name="Assignee">{ticket.assigneeId && <UserName id={ticket.assigneeId} />}</Detail>}
      {isStaff && (
        <Detail name="Due">{(ticket.breached || ticket.dueAt) && <DueAt ticket={ticket} />}</Detail>
      )}
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
      {isStaff && <Detail name="Contact">{ticket.contactId && <ContactName id={ticket.contactId} />}</Detail>}
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

function DueAt({ ticket }: { ticket: Ticket }) {
  return (
    <>
      <Due ticket={ticket} />
      {ticket.dueAt && <span className={classes.quiet}> · {exactTime(new Date(ticket.dueAt))}</span>}
    </>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  const isEmpty = !children || (Array.isArray(children) && children.length === 0);
  return (
    <>
      <dt>{name}</dt>
      <dd>{isEmpty ? <span className={classes.quiet}>None</span> : children}</dd>
    </>
  );
}
