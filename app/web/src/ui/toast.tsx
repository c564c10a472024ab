import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import classes from "./ui.module.css";

type ToastAction = { label: string; onClick: () => void };

/** Say that something has been done, with what one may want next: `Deleting 12,431 tickets · Watch · Undo`; return what takes it away. */
export function toast(message: string, actions: ToastAction[] = []): () => void {
  const id = notifications.show({
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
              notifications.hide(id);
              onClick();
            }}
          >
            {label}
          </Button>
        ))}
      </span>
    ),
  });
  return () => {
    notifications.hide(id);
  };
}
