import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useCanGoBack, useNavigate, useRouter } from "@tanstack/react-router";
import type { SubmitEvent } from "react";
import { cache } from "../../../api/cache";
import { capitalized } from "../../../ui/format";
import { FormProblem } from "../../../ui/form-problem";
import { Sheet } from "../../../ui/sheet";
import { toast } from "../../../ui/toast";
import { useDraft } from "../../../ui/use-draft";
import { useCreateTicket, type Ticket } from "../queries";
import { PRIORITIES, type Priority } from "../search";
import classes from "../tickets.module.css";

type Draft = Pick<Ticket, "title" | "description" | "priority">;

const EMPTY: Draft = { title: "", description: "", priority: "normal" };

/** Closing it keeps what was typed, for the next time; to cancel throws it away. */
export function CreateDialog() {
  const { draft, change, discard } = useDraft("new-ticket", EMPTY);
  const create = useCreateTicket();
  const open = useOpen();
  const close = useClose();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (cache.isMutating({ mutationKey: ["tickets", "create"] }) > 0) return; // pressed twice before it rendered
    create.mutate(
      { ...draft, status: "open" },
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
      <form className={classes.form} onSubmit={submit}>
        <Fields draft={draft} change={change} problem={create.error} />
        <FormProblem problem={create.error} fields={["title", "description", "priority"]} />
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

function useOpen() {
  const navigate = useNavigate();
  return (ticketId: string) => navigate({ to: "/tickets/$ticketId", params: { ticketId }, search: true });
}

/** Back to where one was. */
function useClose(): () => void {
  const { history } = useRouter();
  const canGoBack = useCanGoBack();
  const navigate = useNavigate();
  return () => {
    if (canGoBack) history.back();
    else void navigate({ to: "/tickets", search: true, replace: true });
  };
}

type FieldsProps = {
  draft: Draft;
  change: (patch: Partial<Draft>) => void;
  problem: ReturnType<typeof useCreateTicket>["error"];
};

function Fields({ draft, change, problem }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Title"
        data-autofocus
        value={draft.title}
        maxLength={255}
        error={problem?.about("title")}
        onChange={(event) => {
          change({ title: event.currentTarget.value });
        }}
      />
      <Textarea
        label="Description"
        rows={8}
        value={draft.description}
        maxLength={20_000}
        error={problem?.about("description")}
        onChange={(event) => {
          change({ description: event.currentTarget.value });
        }}
      />
      <NativeSelect
        label="Priority"
        data={PRIORITIES.map((value) => ({ value, label: capitalized(value) }))}
        value={draft.priority}
        error={problem?.about("priority")}
        onChange={(event) => {
          change({ priority: event.currentTarget.value as Priority });
        }}
      />
    </>
  );
}
