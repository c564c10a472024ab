import { Confirm } from "../../ui/confirm";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import { useEraseUser, type ListedUser } from "./queries";
import classes from "./users.module.css";

export function EraseDialog({ user, onClose }: { user: ListedUser; onClose: () => void }) {
  const erase = useEraseUser(user);
  return (
    <Confirm
      title={`Erase ${user.username}`}
      action="Erase"
      isDangerous
      isPending={erase.isPending}
      onCancel={onClose}
      onConfirm={() => {
        erase.mutate(undefined, {
          onSuccess: () => {
            toast(`${user.username} is erased`);
            onClose();
          },
        });
      }}
    >
      <div className={classes.whatHappens}>
        <p>Name, e-mail and phone are forgotten, and nobody signs in with this account again.</p>
        <p>Their tickets and comments stay, without the name. This cannot be undone.</p>
        <FormProblem problem={erase.error} fields={[]} />
      </div>
    </Confirm>
  );
}
