import { Button, Menu } from "@mantine/core";
import { useRef, useState } from "react";
import { useMay } from "../../../api/may";
import { FormProblem } from "../../../ui/form-problem";
import { StatusWord } from "../../../ui/status-word";
import { useKeys } from "../../../ui/use-keys";
import type { Ticket } from "../queries";
import { targetsOf } from "../statuses";
import { useMove } from "./queries";

/** What a ticket's status can become, at hand. */
export function StatusMenu({ ticket }: { ticket: Ticket }) {
  const [isOpen, setOpen] = useState(false);
  const { move, isPending, error } = useMove(ticket);
  const targets = targetsOf(ticket, useMay("ticket.triage"));
  const button = useRef<HTMLButtonElement>(null);
  const open = () => {
    button.current?.focus(); // which brings it into view: below one that is out of sight no menu opens
    setOpen(targets.length > 0);
  };
  useKeys({ s: { does: "Status", run: open } }, "Ticket");
  if (targets.length === 0) return null;
  return (
    <>
      <Menu
        opened={isOpen}
        onChange={setOpen}
        position="bottom-start"
        withInitialFocusPlaceholder={false}
        transitionProps={{ duration: 100 }}
      >
        <Menu.Target>
          <Button ref={button} variant="default" size="compact-md" title="Status (s)" loading={isPending}>
            Status
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {targets.map((status) => (
            <Menu.Item
              key={status}
              onClick={() => {
                move(status);
              }}
            >
              <StatusWord status={status} />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <FormProblem problem={error} fields={[]} />
    </>
  );
}
