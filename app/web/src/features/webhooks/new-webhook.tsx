import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

const WebhookDialog = lazy(() => import("./webhook-dialog"));

export function NewWebhook() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="compact-md"
        onClick={() => {
          setOpen(true);
        }}
      >
        <span aria-hidden>+&nbsp;</span>New webhook
      </Button>
      <Suspense>
        {isOpen && (
          <WebhookDialog
            webhook={undefined}
            onClose={() => {
              setOpen(false);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
