import type { ReactNode } from "react";
import { useMay } from "../../../api/may";
import { CopyableId } from "../../../ui/copyable-id";
import { capitalized, timeAgo } from "../../../ui/format";
import { RelativeTime } from "../../../ui/relative-time";
import { StatusWord } from "../../../ui/status-word";
import { ContactName } from "../../contacts/contact-name";
import { UserName } from "../../users/user-name";
import { Due } from "../due";
import { fieldsInWords } from "../field-words";
import type { Ticket } from "../queries";
import { GENERAL, useFieldsInOrder } from "../types";
import classes from "./ticket.module.css";

/** A ticket's properties; few lines, as what was said of the ticket comes after them. */
export function Details({ ticket }: { ticket: Ticket }) {
  const isStaff = useMay("ticket.triage");
  return (
    <div className={classes.about}>
      <dl className={classes.details}>
        <Detail name="Status">
          <StatusWord status={ticket.status} />
        </Detail>
        <Detail name="Priority">{capitalized(ticket.priority)}</Detail>
        {isStaff && (
          <Detail name="Assignee">{ticket.assigneeId && <UserName id={ticket.assigneeId} />}</Detail>
        )}
        {isStaff && (
          <Detail name="Due">{(ticket.breached || ticket.dueAt) && <Due ticket={ticket} />}</Detail>
        )}
        {isStaff && (
          <Detail name="Requester">
            <UserName id={ticket.requesterId} />
          </Detail>
        )}
        {isStaff && (
          <Detail name="Contact">{ticket.contactId && <ContactName id={ticket.contactId} />}</Detail>
        )}
        <TypeAndFields ticket={ticket} />
        <Detail name="Tags" isLong>
          {ticket.tags.map((tag) => (
            <span key={tag} className={classes.tag}>
              {tag}
            </span>
          ))}
        </Detail>
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
    </div>
  );
}

/** What a ticket has by its type; of a general one that goes without saying. */
function TypeAndFields({ ticket: { type, fields } }: { ticket: Ticket }) {
  const shown = useFieldsInOrder(type, fields);
  if (type === GENERAL) return null;
  return (
    <>
      <Detail name="Type" isLong>
        {capitalized(type)}
      </Detail>
      {fieldsInWords(shown).map(([name, value]) => (
        <Detail key={name} name={name} isLong>
          {value}
        </Detail>
      ))}
    </>
  );
}

/** One that is long has a line of its own where others share one. */
function Detail({ name, isLong, children }: { name: string; isLong?: boolean; children: ReactNode }) {
  const isEmpty = !children || (Array.isArray(children) && children.length === 0);
  return (
    <>
      <dt data-long={isLong}>{name}</dt>
      <dd data-long={isLong}>{isEmpty ? <span className={classes.quiet}>None</span> : children}</dd>
    </>
  );
}
