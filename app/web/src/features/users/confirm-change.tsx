import { announce } from "../../ui/announcer";
import { Confirm } from "../../ui/confirm";
import { toast } from "../../ui/toast";
import { wordsOf, type Change } from "./change";
import { useChangeOf, type ListedUser } from "./queries";
import classes from "./users.module.css";

type Props = { user: ListedUser; change: Change; onClose: () => void };

export function ConfirmChange({ user, change, onClose }: Props) {
  const { mutate, isPending, error } = useChangeOf(user);
  const words = wordsOf(change, user);

  function confirm() {
    mutate(change, {
      onSuccess: () => {
        toast(words.done);
        announce(words.done);
        onClose();
      },
    });
  }

  return (
    <Confirm
      title={words.title}
      action={words.action}
      isDangerous={"active" in change && !change.active}
      isPending={isPending}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <div className={classes.whatHappens}>
        {words.whatHappens.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p role="alert" className={classes.refusal}>
          {error?.detail}
        </p>
      </div>
    </Confirm>
  );
}
