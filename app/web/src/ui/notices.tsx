import { Button } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import type { ToastAction } from "./toast";
import classes from "./ui.module.css";

export default function Notices() {
  return <Notifications position="bottom-right" limit={3} transitionDuration={120} />;
}

/** Show a toast; return what takes it away. */
export function show(message: string, actions: ToastAction[]): () => void {
  const hide = () => {
    notifications.hide(id);
  };
  const id = notifications.show({
    closeButtonProps: { "aria-label": "Close" },
    autoClose: actions.length > 0 ? 12_000 : 5_000,
    message: (
      <span className={classes.toast}>
        {message}
        {actions.map(({ label, onClick }) => (
          <Button
            key={label}
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              hide();
              onClick();
            }}
          >
            {label}
          </Button>
        ))}
      </span>
    ),
  });
  return hide;
}
