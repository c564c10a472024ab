import { ActionIcon } from "@mantine/core";
import { lazy, Suspense } from "react";
import { MoreIcon } from "../../frame/icons";
import type { View } from "./queries";

const EditDialog = lazy(() => import("./edit-dialog"));

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

/** The dialog for the view that is edited, if one is. */
export function EditedView({ view, onClose }: { view: View | undefined; onClose: () => void }) {
  return <Suspense>{view && <EditDialog view={view} onClose={onClose} />}</Suspense>;
}
