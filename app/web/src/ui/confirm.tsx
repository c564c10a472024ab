import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./ui.module.css";

type Props = {
  title: string;
  /** Says what it does: "Delete ticket", not "OK". */
  action: string;
  isDangerous?: boolean;
  isPending?: boolean;
  isOpen: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children?: ReactNode;
};

export function Confirm({ title, action, isDangerous = false, isPending = false, isOpen, ...props }: Props) {
  return (
    <Modal
      opened={isOpen}
      onClose={props.onCancel}
      title={title}
      centered
      transitionProps={{ duration: 120 }}
    >
      {props.children}
      <div className={classes.actions}>
        <Button variant="default" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button {...(isDangerous && { color: "red" })} loading={isPending} onClick={props.onConfirm}>
          {action}
        </Button>
      </div>
    </Modal>
  );
}
