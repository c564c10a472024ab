import { ActionIcon } from "@mantine/core";
import { MoreIcon } from "../../frame/icons";
import type { View } from "./queries";

type Props = { view: View; className?: string | undefined; onEdit: (view: View) => void };

export function EditView({ view, className, onEdit }: Props) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={24}
      className={className}
      aria-label={`Edit the view ${view.name}`}
      onClick={() => {
        onEdit(view);
      }}
    >
      <MoreIcon />
    </ActionIcon>
  );
}
