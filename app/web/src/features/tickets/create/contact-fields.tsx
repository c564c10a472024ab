import { Button, TextInput } from "@mantine/core";
import type { Problem } from "../../../../client/src/problems.ts";
import { ContactSelect } from "../../contacts/contact-select";
import classes from "../tickets.module.css";
import type { ForWhom } from "./for-whom";

type Props = { whom: ForWhom; change: (patch: Partial<ForWhom>) => void; problem: Problem | null };

/** Whom a ticket is for, which may be somebody who is not among the contacts yet. */
export function ContactFields({ whom, change, problem }: Props) {
  return (
    <div className={classes.whom}>
      {whom.isNew ? (
        <NewContact whom={whom} change={change} problem={problem} />
      ) : (
        <ContactSelect
          label="Contact"
          value={whom.contactId}
          error={problem?.about("contactId")}
          onChange={(contactId) => {
            change({ contactId });
          }}
        />
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => {
          change({ isNew: !whom.isNew });
        }}
      >
        {whom.isNew ? "Choose a contact" : "New contact"}
      </Button>
    </div>
  );
}

function NewContact({ whom, change, problem }: Props) {
  return (
    <>
      <TextInput
        label="Contact’s name"
        value={whom.name}
        maxLength={200}
        error={problem?.about("contact.name")}
        onChange={(event) => {
          change({ name: event.currentTarget.value });
        }}
      />
      <TextInput
        label="Contact’s e-mail"
        type="email"
        description="A contact who has this e-mail already is used"
        value={whom.email}
        maxLength={254}
        error={problem?.about("contact.email")}
        onChange={(event) => {
          change({ email: event.currentTarget.value });
        }}
      />
    </>
  );
}
