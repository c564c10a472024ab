import { Button } from "@mantine/core";
import type { SubmitEvent } from "react";
import { cache } from "../../api/cache";
import type { Schemas } from "../../api/client";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import { useDraft } from "../../ui/use-draft";
import { useOpen } from "../tickets/create/use-close";
import { useCreateTicket } from "../tickets/queries";
import classes from "../tickets/tickets.module.css";
import { ApproverSelect } from "./approver-select";
import { FieldInput } from "./field-input";
import { fieldsOf, valuesOf } from "./schema";

type Props = { type: Schemas["TicketTypeResponse"]; onClose: () => void };
type Draft = { typed: Record<string, string>; approverId: string | null };

const EMPTY: Draft = { typed: {}, approverId: null };

export function RequestForm({ type, onClose }: Props) {
  const fields = fieldsOf(type);
  const { draft, change, create, submit, cancel } = useRequest(type, onClose);
  const errorOf = (name: string) => create.error?.about(`fields.${name}`);
  return (
    <form className={classes.form} onSubmit={submit}>
      {fields.map((field, index) => (
        <FieldInput
          key={field.name}
          isFirst={index === 0}
          field={field}
          value={draft.typed[field.name] ?? field.initial}
          error={errorOf(field.name)}
          onChange={(value) => {
            change({ typed: { ...draft.typed, [field.name]: value } });
          }}
        />
      ))}
      <ApproverSelect
        value={draft.approverId}
        error={create.error?.about("assigneeId")}
        onChange={(approverId) => {
          change({ approverId });
        }}
      />
      <FormProblem
        problem={create.error}
        fields={["assigneeId", ...fields.map(({ name }) => `fields.${name}`)]}
      />
      <div className={classes.actions}>
        <Button variant="default" onClick={cancel}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending}>
          Ask for it
        </Button>
      </div>
    </form>
  );
}

/** What is being asked for; it outlives the form until it is sent or thrown away. */
function useRequest(type: Props["type"], onClose: () => void) {
  const { draft, change, discard } = useDraft(`request-${type.type}`, EMPTY);
  const create = useCreateTicket();
  const open = useOpen();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (cache.isMutating({ mutationKey: ["tickets", "create"] }) > 0) return; // pressed twice before it rendered
    create.mutate(bodyOf(type, draft), {
      onSuccess: ({ id, number }) => {
        discard();
        toast(`Asked for it: #${number}`);
        void open(id);
      },
    });
  }

  return {
    draft,
    change,
    create,
    submit,
    cancel: () => {
      discard();
      onClose();
    },
  };
}

/** Whether the fields are those of the type, the server says. */
function bodyOf(type: Props["type"], { typed, approverId }: Draft): Schemas["CreateTicket"] {
  const fields = valuesOf(fieldsOf(type), typed);
  return {
    type: type.type,
    fields,
    ...(approverId && { assigneeId: approverId }),
  } as Schemas["CreateTicket"];
}
