import { Confirm } from "../../ui/confirm";
import { count, counted } from "../../ui/format";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import type { Step } from "./contact-dialog";
import { useDeleteContact, type Contact } from "./queries";

const COUNT_LIMIT = 10_000; // beyond which the API counts no further

type Props = { contact: Contact; onStep: (step: Step) => void; onGone: () => void };

/** A contact that has tickets is not deleted, but may be merged into another one. */
export function DeleteDialog({ contact, onStep, onGone }: Props) {
  const remove = useDeleteContact(contact.id);
  const cancel = () => {
    onStep("edit");
  };
  if (remove.error?.code === "contact_has_tickets") {
    return (
      <Confirm
        title={`${contact.name} has tickets`}
        action="Merge…"
        onCancel={cancel}
        onConfirm={() => {
          onStep("merge");
        }}
      >
        <p role="alert">
          {ticketWords(Number(remove.error.body.tickets))} of {contact.name} would be nobody’s: so only a
          contact without tickets can be deleted, those in the trash counted. Merge it into another contact
          instead.
        </p>
      </Confirm>
    );
  }
  return (
    <Confirm
      title={`Delete ${contact.name}`}
      action="Delete contact"
      isDangerous
      isPending={remove.isPending}
      onCancel={cancel}
      onConfirm={() => {
        remove.mutate(undefined, {
          onSuccess: () => {
            onGone();
            toast(`Deleted ${contact.name}`);
          },
        });
      }}
    >
      <p>Name, e-mail, phone and notes are forgotten. This cannot be undone.</p>
      <FormProblem problem={remove.error} fields={[]} />
    </Confirm>
  );
}

function ticketWords(tickets: number): string {
  return tickets > COUNT_LIMIT ? `More than ${count(COUNT_LIMIT)} tickets` : counted(tickets, "ticket");
}
