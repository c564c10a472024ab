import { Modal } from "@mantine/core";
import { useState } from "react";
import { Kbd } from "../ui/kbd";
import { useFocusReturn } from "../ui/use-focus-return";
import { keyGroups } from "../ui/use-keys";
import classes from "./key-list.module.css";
import { closeOverlay } from "./overlay";

/** All keys of the screen that it lies over, as the screen itself describes them. */
export default function KeyList() {
  const [groups] = useState(keyGroups);
  useFocusReturn();
  return (
    <Modal
      opened
      onClose={closeOverlay}
      title="Keys"
      size={groups.length > 1 ? 680 : 400}
      centered
      transitionProps={{ duration: 0 }}
    >
      <div className={classes.groups}>
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className={classes.keys}>
              {keys.map(([name, does]) => (
                <div key={name}>
                  <dt>{does}</dt>
                  <dd>
                    <Kbd keys={name} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
