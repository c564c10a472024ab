import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useKeys } from "../../../ui/use-keys";
import classes from "../tickets.module.css";

const CreateDialog = lazy(() => import("./create-dialog"));

export function NewTicket() {
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setOpen(true);
  };
  useKeys({ c: open });
  return (
    <>
      <Button size="compact-md" className={classes.new} onClick={open} title="New ticket (c)">
        <span aria-hidden>+&nbsp;</span>New ticket
      </Button>
      {isOpen && (
        <Suspense>
          <CreateDialog
            onClose={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
