import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useKeys } from "../../../ui/use-keys";
import classes from "../tickets.module.css";

export function NewTicket() {
  const navigate = useNavigate();
  const open = () => void navigate({ to: "/tickets/new", search: true });
  useKeys({ c: { does: "New ticket", run: open } }, "Tickets");
  return (
    <Button size="compact-md" className={classes.new} onClick={open} title="New ticket (c)">
      <span aria-hidden>+&nbsp;</span>New ticket
    </Button>
  );
}
