import { Confirm } from "../../ui/confirm";
import { FormProblem } from "../../ui/form-problem";
import { Sheet } from "../../ui/sheet";
import { LinkShown } from "./link-shown";
import { useResetLink, type ListedUser } from "./queries";

export function LinkDialog({ user, onClose }: { user: ListedUser; onClose: () => void }) {
  const make = useResetLink(user);
  if (make.data) {
    return (
      <Sheet onClose={onClose} title={`A link for ${user.username}`}>
        <LinkShown link={make.data} name={user.username} />
      </Sheet>
    );
  }
  return (
    <Confirm
      title={`Make a password link for ${user.username}`}
      action="Make link"
      isPending={make.isPending}
      onCancel={onClose}
      onConfirm={() => {
        make.mutate();
      }}
    >
      <p>The password there is goes on working until the link is used. An earlier link is void.</p>
      <FormProblem problem={make.error} fields={[]} />
    </Confirm>
  );
}
