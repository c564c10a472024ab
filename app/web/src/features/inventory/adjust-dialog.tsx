import { TextInput } from "@mantine/core";
import { count } from "../../ui/format";
import { Sheet } from "../../ui/sheet";
import { toast } from "../../ui/toast";
import { useDraft } from "../../ui/use-draft";
import { Form } from "./form";
import { useAdjust, type Item } from "./queries";
import { cableWords } from "./words";

type Props = { item: Item; onClose: () => void };

/** Corrects how many there are. */
export default function AdjustDialog({ item, onClose }: Props) {
  const { draft, change, discard } = useDraft(`adjust-${item.id}`, { quantity: "", reason: "" });
  const adjust = useAdjust();
  const end = () => {
    discard();
    onClose();
  };

  function submit() {
    adjust.mutate(
      { itemId: item.id, quantity: Number(draft.quantity), reason: draft.reason },
      {
        onSuccess: ({ onHand }) => {
          end();
          toast(`${cableWords(item)}: ${count(onHand)} on hand`);
        },
      },
    );
  }

  return (
    <Sheet onClose={onClose} title={`Adjust ${cableWords(item)}`}>
      <Form
        action="Adjust"
        problem={adjust.error}
        fields={["quantity", "reason"]}
        isPending={adjust.isPending}
        onSubmit={submit}
        onCancel={end}
      >
        <TextInput
          label="How many more or fewer"
          description={`Than the ${count(item.onHand)} on record; −3 for three fewer`}
          type="number"
          data-autofocus
          value={draft.quantity}
          error={adjust.error?.about("quantity")}
          onChange={(event) => {
            change({ quantity: event.currentTarget.value });
          }}
        />
        <TextInput
          label="Why"
          maxLength={500}
          value={draft.reason}
          error={adjust.error?.about("reason")}
          onChange={(event) => {
            change({ reason: event.currentTarget.value });
          }}
        />
      </Form>
    </Sheet>
  );
}
