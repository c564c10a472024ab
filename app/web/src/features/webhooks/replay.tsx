import { Button } from "@mantine/core";
import { count } from "../../ui/format";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import { useReplay, useReplayAll, type Delivery } from "./queries";

export function Replay({ delivery }: { delivery: Delivery }) {
  const replay = useReplay(delivery.id);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        loading={replay.isPending}
        onClick={() => {
          replay.mutate();
        }}
      >
        Send again
      </Button>
      <FormProblem problem={replay.error} fields={[]} />
    </>
  );
}

export function ReplayAll({ webhookId }: { webhookId: string }) {
  const replay = useReplayAll(webhookId);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        loading={replay.isPending}
        onClick={() => {
          replay.mutate(undefined, {
            onSuccess: ({ replayed }) => {
              toast(replayed > 0 ? `${count(replayed)} to be sent again` : "Nothing has failed");
            },
          });
        }}
      >
        Send all failed ones again
      </Button>
      <FormProblem problem={replay.error} fields={[]} />
    </>
  );
}
