import { Sheet } from "../../ui/sheet";
import { toast } from "../../ui/toast";
import { useDraft } from "../../ui/use-draft";
import { ContactForm } from "./contact-form";
import { useCreateContact } from "./queries";
import { useClose } from "./use-close";
import { bodyOf, EMPTY } from "./values";

/** Closing it keeps what was typed, for the next time; to cancel throws it away. */
export function NewContactDialog() {
  const { draft, change, discard } = useDraft("new-contact", EMPTY);
  const create = useCreateContact();
  const close = useClose();
  return (
    <Sheet onClose={close} title="New contact">
      <ContactForm
        values={draft}
        onChange={change}
        problem={create.error}
        isPending={create.isPending}
        action="Create contact"
        onSubmit={() => {
          create.mutate(bodyOf(draft), {
            onSuccess: ({ name }) => {
              discard();
              close();
              toast(`Created ${name}`);
            },
          });
        }}
        onCancel={() => {
          discard();
          close();
        }}
      />
    </Sheet>
  );
}
