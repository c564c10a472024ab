import { Confirm } from "../../ui/confirm";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import { useDeleteWebhook, type Webhook } from "./queries";

type Props = { webhook: Webhook; onClose: () => void; onGone: () => void };

export function DeleteDialog({ webhook, onClose, onGone }: Props) {
  const remove = useDeleteWebhook(webhook.id);
  return (
    <Confirm
      title={`Delete the webhook “${webhook.description || webhook.url}”`}
      action="Delete webhook"
      isDangerous
      isPending={remove.isPending}
      onCancel={onClose}
      onConfirm={() => {
        remove.mutate(undefined, {
          onSuccess: () => {
            toast("Deleted the webhook");
            onGone();
          },
        });
      }}
    >
      <p>
        Nothing more is sent there, what waits included. This cannot be undone; to stop for a while, turn it
        off.
      </p>
      <FormProblem problem={remove.error} fields={[]} />
    </Confirm>
  );
}
