import { Confirm } from "../../ui/confirm";
import { FormProblem } from "../../ui/form-problem";
import { Sheet } from "../../ui/sheet";
import { useRotateSecret, type Webhook } from "./queries";
import { SecretShown } from "./secret-shown";

export function RotateDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const rotate = useRotateSecret(webhook.id);
  if (rotate.data) {
    return (
      <Sheet onClose={onClose} title="The new secret">
        <SecretShown secret={rotate.data.secret} onDone={onClose} />
      </Sheet>
    );
  }
  return (
    <Confirm
      title="Make a new secret"
      action="Make new secret"
      isPending={rotate.isPending}
      onCancel={onClose}
      onConfirm={() => {
        rotate.mutate();
      }}
    >
      <p>
        For a day what is sent is signed with both, so that the receiver can change over. Then the old one is
        void.
      </p>
      <FormProblem problem={rotate.error} fields={[]} />
    </Confirm>
  );
}
