import { Button, Popover } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { SkeletonRows } from "../../ui/skeleton";
import { EditedView } from "./edit-view";
import type { View } from "./queries";
import classes from "./views.module.css";

const Views = lazy(() => import("./views"));

/** Filters that were saved under a name. */
export function ViewsMenu() {
  const [isOpen, setOpen] = useState(false);
  const [edited, setEdited] = useState<View>();
  return (
    <>
      <Popover
        position="bottom-start"
        shadow="md"
        trapFocus
        returnFocus
        opened={isOpen}
        onChange={setOpen}
        transitionProps={{ duration: 100 }}
      >
        <Popover.Target>
          <Button
            variant="subtle"
            size="compact-md"
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            Views
          </Button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown}>
          <Suspense fallback={<SkeletonRows rows={2} />}>
            <Views
              onChosen={() => {
                setOpen(false);
              }}
              onEdit={(view) => {
                setOpen(false);
                setEdited(view);
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <EditedView
        view={edited}
        onClose={() => {
          setEdited(undefined);
        }}
      />
    </>
  );
}
