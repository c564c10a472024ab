import { Tabs } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useMay } from "../../../api/may";
import { SkeletonRows } from "../../../ui/skeleton";
import { useKeys } from "../../../ui/use-keys";
import type { Ticket } from "../queries";
import { Actions } from "./actions";
import { Details } from "./details";
import { MergedInto } from "./merged";
import { Presence } from "./presence";
import { Related } from "./related";
import classes from "./ticket.module.css";

const Conversation = lazy(() => import("../../comments/conversation"));
const History = lazy(() => import("../../history/history"));

type Props = { ticket: Ticket; onEdit: () => void; onGone: () => void };

/** All that there is to read of a ticket. */
export function Reading({ ticket, onEdit, onGone }: Props) {
  const isStaff = useMay("ticket.triage");
  return (
    <>
      <h2 className={classes.title}>
        <span className={classes.number}>#{ticket.number}</span> {ticket.title}
      </h2>
      <Presence ticketId={ticket.id} />
      {ticket.mergedInto !== null && <MergedInto ticketId={ticket.mergedInto} />}
      <Actions ticket={ticket} onEdit={onEdit} onGone={onGone} />
      {ticket.description ? (
        <p className={classes.description}>{ticket.description}</p>
      ) : (
        <p className={classes.quiet}>No description</p>
      )}
      <Details ticket={ticket} />
      {isStaff && <Related ticket={ticket} />}
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
