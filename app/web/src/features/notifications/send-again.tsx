import { Button } from "@mantine/core";
import { count } from "../../ui/format";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import { useSendAgain, useSendLostAgain, type Message } from "./queries";

export function SendAgain({ message }: { message: Message }) {
  const again = useSendAgain(message.id);
  return (
    <div>
      <Button
        variant="default"
        size="compact-sm"
        loading={again.isPending}
        onClick={() => {
          again.mutate();
        }}
      >
        Send again
      </Button>
      <FormProblem problem={again.error} fields={[]} />
    </div>
  );
}

export function SendLostAgain() {
  const again = useSendLostAgain();
  return (
    <>
      <Button
        variant="default"
        loading={again.isPending}
        onClick={() => {
          again.mutate(undefined, {
            onSuccess: ({ replayed }) => {
              toast(replayed > 0 ? `${count(replayed)} to be sent again` : "Nothing was lost");
            },
          });
        }}
      >
        Send all lost ones again
      </Button>
      <FormProblem problem={again.error} fields={[]} />
    </>
  );
}
