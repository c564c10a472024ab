import { Button } from "@mantine/core";
import { capitalized } from "../../ui/format";
import classes from "./dialog.module.css";

type Props = {
  /** What the button does: "Delete 12,431 tickets". */
  order: string;
  change: string;
  outlook: string | undefined;
  isDangerous: boolean;
  isReady: boolean;
  isPending: boolean;
  onClose: () => void;
};

/** What becomes of the tickets, and the way there or back. */
export function Footer({ order, change, outlook, isDangerous, isReady, isPending, onClose }: Props) {
  return (
    <footer className={classes.footer}>
      <p>
        {change && `${capitalized(change)}. `}
        {outlook}
      </p>
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" disabled={!isReady} loading={isPending} {...(isDangerous && { color: "red" })}>
        {order}
      </Button>
    </footer>
  );
}
