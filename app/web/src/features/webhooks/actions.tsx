import { ActionIcon, Button, Menu } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { MoreIcon } from "../../frame/icons";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import { DeleteDialog } from "./delete-dialog";
import { useChangeWebhook, usePing, type Webhook } from "./queries";
import { RotateDialog } from "./rotate-dialog";
import classes from "./webhooks.module.css";

const WebhookDialog = lazy(() => import("./webhook-dialog"));

type Step = "change" | "rotate" | "delete";

export function Actions({ webhook }: { webhook: Webhook }) {
  const [step, setStep] = useState<Step>();
  return (
    <div className={classes.steps}>
      <Ping webhook={webhook} />
      <Switch webhook={webhook} />
      <Button
        variant="default"
        onClick={() => {
          setStep("change");
        }}
      >
        Edit
      </Button>
      <More onStep={setStep} />
      <Dialog
        webhook={webhook}
        step={step}
        onClose={() => {
          setStep(undefined);
        }}
      />
    </div>
  );
}

function Ping({ webhook: { id, enabled } }: { webhook: Webhook }) {
  const ping = usePing(id);
  return (
    <>
      <Button
        variant={enabled ? "filled" : "default"}
        loading={ping.isPending}
        disabled={!enabled}
        onClick={() => {
          ping.mutate(undefined, {
            onSuccess: () => {
              toast("A ping is on its way");
            },
          });
        }}
      >
        Ping
      </Button>
      <FormProblem problem={ping.error} fields={[]} />
    </>
  );
}

function Switch({ webhook: { id, enabled } }: { webhook: Webhook }) {
  const change = useChangeWebhook(id);
  return (
    <>
      <Button
        variant={enabled ? "default" : "filled"}
        loading={change.isPending}
        onClick={() => {
          change.mutate({ enabled: !enabled });
        }}
      >
        {enabled ? "Turn off" : "Turn on"}
      </Button>
      <FormProblem problem={change.error} fields={[]} />
    </>
  );
}

/** What is done seldom, and not by accident. */
function More({ onStep }: { onStep: (step: Step) => void }) {
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false} transitionProps={{ duration: 100 }}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More">
          <MoreIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() => {
            onStep("rotate");
          }}
        >
          New secret…
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            onStep("delete");
          }}
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

type DialogProps = { webhook: Webhook; step: Step | undefined; onClose: () => void };

function Dialog({ webhook, step, onClose }: DialogProps) {
  const navigate = useNavigate();
  if (step === "rotate") return <RotateDialog webhook={webhook} onClose={onClose} />;
  if (step === "delete") {
    return (
      <DeleteDialog
        webhook={webhook}
        onClose={onClose}
        onGone={() => void navigate({ to: "/webhooks", replace: true })}
      />
    );
  }
  return <Suspense>{step === "change" && <WebhookDialog webhook={webhook} onClose={onClose} />}</Suspense>;
}
