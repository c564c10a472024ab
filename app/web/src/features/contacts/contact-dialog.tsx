import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Loaded } from "../../ui/loaded";
import { Sheet } from "../../ui/sheet";
import { SkeletonRows } from "../../ui/skeleton";
import { DeleteDialog } from "./delete-dialog";
import { EditForm } from "./edit-form";
import { MergeDialog } from "./merge-dialog";
import { contactQuery, type Contact } from "./queries";
import { useClose } from "./use-close";

const route = getRouteApi("/contacts/$contactId");

/** What is under way with a contact: one dialog after the other, never one over the other. */
export type Step = "edit" | "delete" | "merge";

export function ContactDialog() {
  const { contactId } = route.useParams();
  const query = useQuery(contactQuery(contactId));
  const close = useClose();
  if (query.data) return <Steps key={contactId} contact={query.data} />;
  return (
    <Sheet onClose={close} title="Contact">
      <Loaded query={query} skeleton={<SkeletonRows rows={5} />}>
        {() => null}
      </Loaded>
    </Sheet>
  );
}

function Steps({ contact }: { contact: Contact }) {
  const [step, go] = useState<Step>("edit");
  const close = useClose();
  if (step === "delete") return <DeleteDialog contact={contact} onStep={go} onGone={close} />;
  if (step === "merge") return <MergeDialog contact={contact} onStep={go} onGone={close} />;
  return (
    <Sheet onClose={close} title={contact.name}>
      <EditForm contact={contact} onStep={go} onClose={close} />
    </Sheet>
  );
}
