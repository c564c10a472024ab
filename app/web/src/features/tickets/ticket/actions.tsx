import { ActionIcon, Button, Menu } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useMay } from "../../../api/may";
import { useMe } from "../../../api/me";
import { MoreIcon } from "../../../frame/icons";
import { FormProblem } from "../../../ui/form-problem";
import { useKeys } from "../../../ui/use-keys";
import { useDeleteTicket, type Ticket } from "../queries";
import { Decision } from "./decision";
import { mayDecide, useTake } from "./queries";
import { StatusMenu } from "./status-menu";
import classes from "./ticket.module.css";

const MergeDialog = lazy(() => import("./merge-dialog"));

type Props = { ticket: Ticket; onEdit: () => void; onGone: () => void };

export function Actions({ ticket, onEdit, onGone }: Props) {
  const isStaff = useMay("ticket.triage");
  return (
    <div className={classes.actions}>
      <Decision ticket={ticket} />
      {isStaff && <Take ticket={ticket} />}
      <StatusMenu ticket={ticket} />
      <Button variant="default" size="compact-md" title="Edit (e)" onClick={onEdit}>
        Edit
      </Button>
      {isStaff && <More ticket={ticket} onGone={onGone} />}
    </div>
  );
}

function Take({ ticket }: { ticket: Ticket }) {
  const me = useMe();
  const isMine = me.id === ticket.assigneeId;
  const isOthersToDecide = ticket.status === "pending_approval" && !mayDecide(me, ticket);
  const take = useTake(ticket);
  const run = () => {
    if (!isMine && !isOthersToDecide && !take.isPending) take.mutate();
  };
  useKeys({ t: { does: "Take", run } }, "Ticket");
  if (isMine || isOthersToDecide) return null;
  return (
    <>
      <Button variant="default" size="compact-md" title="Take (t)" loading={take.isPending} onClick={run}>
        {ticket.assigneeId === null ? "Take" : "Take over"}
      </Button>
      <FormProblem problem={take.error} fields={[]} />
    </>
  );
}

/** What is done seldom, and not by accident. */
function More({ ticket, onGone }: { ticket: Ticket; onGone: () => void }) {
  const [isMerging, setMerging] = useState(false);
  const mayDelete = useMay("ticket.delete");
  const remove = useDeleteTicket(ticket);
  return (
    <>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false} transitionProps={{ duration: 100 }}>
        <Menu.Target>
          <ActionIcon variant="default" size={26} aria-label="More" loading={remove.isPending}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {ticket.mergedInto === null && (
            <Menu.Item
              onClick={() => {
                setMerging(true);
              }}
            >
              Merge into another…
            </Menu.Item>
          )}
          {mayDelete && (
            <Menu.Item
              onClick={() => {
                remove.mutate(undefined, { onSuccess: onGone });
              }}
            >
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <FormProblem problem={remove.error} fields={[]} />
      <Suspense>
        {isMerging && (
          <MergeDialog
            ticket={ticket}
            onClose={() => {
              setMerging(false);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
