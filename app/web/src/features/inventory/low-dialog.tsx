import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Sheet } from "../../ui/sheet";
import { toast } from "../../ui/toast";
import { Form } from "./form";
import { useSetLowAt, type Item } from "./queries";
import { cableWords } from "./words";

type Props = { item: Item; onClose: () => void };

/** Says with how many left there is too little of an item. */
export default function LowDialog({ item, onClose }: Props) {
  const [lowAt, setLowAt] = useState(String(item.lowAt ?? ""));
  const save = useSetLowAt(item.id);

  function submit() {
    save.mutate(lowAt === "" ? null : Number(lowAt), {
      onSuccess: () => {
        onClose();
        toast(`Saved ${cableWords(item)}`);
      },
    });
  }

  return (
    <Sheet onClose={onClose} title={`When ${cableWords(item)} is low`}>
      <Form
        action="Save"
        problem={save.error}
        fields={["lowAt"]}
        isPending={save.isPending}
        onSubmit={submit}
        onCancel={onClose}
      >
        <TextInput
          label="Low with so many or fewer"
          description="Empty: it is never low"
          type="number"
          min={0}
          data-autofocus
          value={lowAt}
          error={save.error?.about("lowAt")}
          onChange={(event) => {
            setLowAt(event.currentTarget.value);
          }}
        />
      </Form>
    </Sheet>
  );
}
