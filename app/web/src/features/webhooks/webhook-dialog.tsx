import { Button } from "@mantine/core";
import type { SubmitEvent } from "react";
import { FormProblem } from "../../ui/form-problem";
import { Sheet } from "../../ui/sheet";
import { toast } from "../../ui/toast";
import { useDraft } from "../../ui/use-draft";
import { Fields } from "./fields";
import { useChangeWebhook, useCreateWebhook, type Webhook } from "./queries";
import { SecretShown } from "./secret-shown";
import { FIELDS, valuesOf } from "./values";
import classes from "./webhooks.module.css";

type Props = { webhook: Webhook | undefined; onClose: () => void };

/** A webhook to be changed, or a new one, whose secret is shown once it is there. */
export default function WebhookDialog({ webhook, onClose }: Props) {
  const { draft, change, discard } = useDraft(`webhook-${webhook?.id ?? "new"}`, valuesOf(webhook));
  const create = useCreateWebhook();
  const save = useChangeWebhook(webhook?.id ?? "");
  const { error, isPending } = webhook ? save : create;

  function end() {
    discard();
    onClose();
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isPending) return;
    if (webhook === undefined) create.mutate(draft, { onSuccess: discard });
    else {
      save.mutate(draft, {
        onSuccess: () => {
          end();
          toast("Saved the webhook");
        },
      });
    }
  }

  if (create.data) {
    return (
      <Sheet onClose={onClose} title="The webhook is there">
        <SecretShown secret={create.data.secret} onDone={onClose} />
      </Sheet>
    );
  }
  return (
    <Sheet onClose={onClose} title={webhook ? "Change the webhook" : "New webhook"} size={680}>
      <form className={classes.form} onSubmit={submit}>
        <Fields values={draft} change={change} problem={error} />
        <FormProblem problem={error} fields={FIELDS} />
        <div className={classes.actions}>
          <Button variant="default" onClick={end}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            {webhook ? "Save" : "Create webhook"}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
