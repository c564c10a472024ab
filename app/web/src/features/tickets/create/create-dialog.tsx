import { Button } from "@mantine/core";
import type { SubmitEvent } from "react";
import { cache } from "../../../api/cache";
import { useMay } from "../../../api/may";
import { FormProblem } from "../../../ui/form-problem";
import { Sheet } from "../../../ui/sheet";
import { toast } from "../../../ui/toast";
import { useDraft } from "../../../ui/use-draft";
import { useCreateTicket } from "../queries";
import classes from "../tickets.module.css";
import { ContactFields } from "./contact-fields";
import { contactOf, NOBODY, type ForWhom } from "./for-whom";
import { Kinds } from "./kinds";
import { useClose, useOpen } from "./use-close";
import { WrittenFields, type Written } from "../written-fields";

const EMPTY: Written & { whom: ForWhom } = { title: "", description: "", priority: "normal", whom: NOBODY };
const FIELDS = ["title", "description", "priority", "contactId", "contact.name", "contact.email"];

/** Closing it keeps what was typed, for the next time; to cancel throws it away. */
export function CreateDialog() {
  const { draft, change, discard } = useDraft("new-ticket", EMPTY);
  const create = useCreateTicket();
  const open = useOpen();
  const close = useClose();
  const isStaff = useMay("ticket.triage");

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (cache.isMutating({ mutationKey: ["tickets", "create"] }) > 0) return; // pressed twice before it rendered
    const { whom, ...written } = draft;
    create.mutate(
      { ...written, ...contactOf(whom), status: "open" },
      {
        onSuccess: (ticket) => {
          discard();
          close();
          toast(`Created #${ticket.number}`, [{ label: "Open", onClick: () => void open(ticket.id) }]);
        },
      },
    );
  }

  return (
    <Sheet onClose={close} title="New ticket" size="lg">
      <Kinds />
      <form className={classes.form} onSubmit={submit}>
        <WrittenFields values={draft} change={change} problem={create.error} />
        {isStaff && (
          <ContactFields
            whom={draft.whom}
            problem={create.error}
            change={(patch) => {
              change({ whom: { ...draft.whom, ...patch } });
            }}
          />
        )}
        <FormProblem problem={create.error} fields={FIELDS} />
        <div className={classes.actions}>
          <Button
            variant="default"
            onClick={() => {
              discard();
              close();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create ticket
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
