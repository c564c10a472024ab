import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { toast } from "../../ui/toast";
import { useDraft } from "../../ui/use-draft";
import type { Step } from "./contact-dialog";
import { ContactForm } from "./contact-form";
import classes from "./contacts.module.css";
import { useChangeContact, type Contact } from "./queries";
import { changesOf, valuesOf } from "./values";

type Props = { contact: Contact; onStep: (step: Step) => void; onClose: () => void };

export function EditForm({ contact, onStep, onClose }: Props) {
  const { draft, change, discard } = useDraft(`contact-${contact.id}`, valuesOf(contact));
  const save = useChangeContact(contact.id);

  function end() {
    discard();
    onClose();
  }

  return (
    <>
      <div className={classes.others}>
        <Link to="/tickets" search={{ contactId: [contact.id] }}>
          Tickets of this contact
        </Link>
        <Others onStep={onStep} />
      </div>
      <ContactForm
        values={draft}
        onChange={change}
        problem={save.error}
        isPending={save.isPending}
        action="Save"
        onCancel={end}
        onSubmit={() => {
          save.mutate(changesOf(contact, draft), {
            onSuccess: ({ name }) => {
              end();
              toast(`Saved ${name}`);
            },
          });
        }}
      />
    </>
  );
}

function Others({ onStep }: { onStep: (step: Step) => void }) {
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          onStep("merge");
        }}
      >
        Merge…
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        onClick={() => {
          onStep("delete");
        }}
      >
        Delete…
      </Button>
    </>
  );
}
