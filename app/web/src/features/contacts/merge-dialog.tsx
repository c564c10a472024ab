import { Button } from "@mantine/core";
import { useState } from "react";
import { FormProblem } from "../../ui/form-problem";
import { Sheet } from "../../ui/sheet";
import { toast } from "../../ui/toast";
import type { Step } from "./contact-dialog";
import { ContactSelect } from "./contact-select";
import classes from "./contacts.module.css";
import { useMergeContact, type Contact } from "./queries";

type Props = { contact: Contact; onStep: (step: Step) => void; onGone: () => void };

export function MergeDialog({ contact, onStep, onGone }: Props) {
  const [into, setInto] = useState<string | null>(null);
  const merge = useMergeContact(contact.id);
  const cancel = () => {
    onStep("edit");
  };

  function confirm(survivorId: string) {
    merge.mutate(survivorId, {
      onSuccess: ({ name }) => {
        onGone();
        toast(`Merged ${contact.name} into ${name}`);
      },
    });
  }

  return (
    <Sheet onClose={cancel} title={`Merge ${contact.name} into another contact`}>
      <div className={classes.form}>
        <ContactSelect
          label="Into"
          isFirst
          without={contact.id}
          value={into}
          onChange={setInto}
          error={merge.error?.about("into")}
        />
        <p>
          The other contact gets the tickets of {contact.name}, and what it does not have itself: e-mail,
          phone, organization and notes. Then {contact.name} is deleted. This cannot be undone.
        </p>
        <FormProblem problem={merge.error} fields={["into"]} />
        <div className={classes.actions}>
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button
            color="red"
            disabled={into === null}
            loading={merge.isPending}
            onClick={() => {
              if (into !== null) confirm(into);
            }}
          >
            Merge contacts
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
