import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Sheet } from "./sheet";
import classes from "./ui.module.css";

type Props = {
  title: string;
  /** Says what it does: "Delete ticket", not "OK". */
  action: string;
  isDangerous?: boolean;
  isPending?: boolean;
  isDisabled?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children?: ReactNode;
};

export function Confirm({
  title,
  action,
  isDangerous = false,
  isPending = false,
  isDisabled = false,
  ...props
}: Props) {
  return (
    <Sheet onClose={props.onCancel} title={title}>
      {props.children}
      <div className={classes.actions}>
        <Button variant="default" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button
          {...(isDangerous && { color: "red" })}
          loading={isPending}
          disabled={isDisabled}
          onClick={props.onConfirm}
        >
          {action}
        </Button>
      </div>
    </Sheet>
  );
}
