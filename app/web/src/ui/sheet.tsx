import { Modal, type ModalProps } from "@mantine/core";
import classes from "./sheet.module.css";

/** A dialog; in a narrow window it rises from below, as wide as that. */
export function Sheet(props: Omit<ModalProps, "opened">) {
  const { inner = "", content = "", header = "", title = "" } = classes;
  return (
    <Modal
      opened
      centered
      transitionProps={{ duration: 120 }}
      classNames={{ inner, content, header, title }}
      {...props}
    />
  );
}
