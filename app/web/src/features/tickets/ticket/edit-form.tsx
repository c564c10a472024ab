import { Button } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { cache } from "../../../api/cache";
import { announce } from "../../../ui/announcer";
import { FormProblem } from "../../../ui/form-problem";
import { useDraft } from "../../../ui/use-draft";
import { useChangeTicket, type Ticket } from "../queries";
import { changesOf, differing, FIELDS, valuesOf } from "./changes";
import { Conflict } from "./conflict";
import { Fields } from "./fields";
import classes from "./ticket.module.css";

type Props = { ticket: Ticket; onDone: () => void };

export function EditForm({ ticket, onDone }: Props) {
  const edit = useEdit(ticket, onDone);
  return (
    <form
      className={classes.form}
      aria-label={`Edit #${ticket.number}`}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        edit.save(edit.base, edit.values);
      }}
    >
      <h2 className={classes.title}>Edit #{ticket.number}</h2>
      <Fields ticket={edit.base} values={edit.values} change={edit.change} problem={edit.problem} />
      {!edit.isOverrun && <FormProblem problem={edit.problem} fields={FIELDS} />}
      <div className={classes.formActions}>
        <Button variant="default" onClick={edit.cancel}>
          Cancel
        </Button>
        <Button type="submit" loading={edit.isPending}>
          Save
        </Button>
      </div>
      {edit.isOverrun && (
        <Conflict
          mine={edit.values}
          theirs={ticket}
          edited={differing(edit.merged, ticket)}
          isPending={edit.isPending}
          onKeepMine={() => {
            edit.rebase();
            edit.save(ticket, edit.merged);
          }}
          onTakeTheirs={edit.cancel}
          onGoOn={edit.rebase}
        />
      )}
    </form>
  );
}

/** An edit of the version that was there when it began, `base`; `merged` has it on top of the version of now. */
function useEdit(ticket: Ticket, onDone: () => void) {
  const [initial] = useState(() => ({ base: ticket, values: valuesOf(ticket) }));
  const { draft, change, discard } = useDraft(`ticket-${ticket.id}`, initial);
  const { mutate, error, isPending, reset } = useChangeTicket(ticket.id);
  const { base, values } = draft;
  const merged = { ...valuesOf(ticket), ...changesOf(base, values) };

  function finish() {
    discard();
    onDone();
  }

  function save(before: Ticket, after: typeof values) {
    const changes = changesOf(before, after);
    if (cache.isMutating({ mutationKey: ["tickets", "change", ticket.id] }) > 0) return;
    if (Object.keys(changes).length === 0) {
      finish();
      return;
    }
    mutate(
      { changes, version: before.version },
      {
        onSuccess: () => {
          announce("Saved");
          finish();
        },
      },
    );
  }

  return {
    base,
    values,
    merged,
    problem: error,
    isPending,
    isOverrun: error?.status === 412 && ticket.version > base.version,
    save,
    cancel: finish,
    change: (patch: Partial<typeof values>) => {
      change({ values: { ...values, ...patch } });
    },
    rebase: () => {
      change({ base: ticket, values: merged });
      reset();
    },
  };
}
