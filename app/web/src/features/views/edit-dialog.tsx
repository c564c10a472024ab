import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { SubmitEvent } from "react";
import { FormProblem } from "../../ui/form-problem";
import { Sheet } from "../../ui/sheet";
import { toast } from "../../ui/toast";
import { useDraft } from "../../ui/use-draft";
import { Fields } from "./fields";
import { searchOf, useChangeView, type View } from "./queries";
import { changesOf, FIELDS, valuesOf } from "./values";
import classes from "./views.module.css";

type Props = { view: View; onClose: () => void };

/** What it saves is shown at once. Closing it keeps what was typed, for the next time; to cancel throws it away. */
export default function EditDialog({ view, onClose }: Props) {
  const { draft, change, discard } = useDraft(`view-${view.id}`, valuesOf(view));
  const save = useChangeView(view.id);
  const navigate = useNavigate();

  function end() {
    discard();
    onClose();
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const changes = changesOf(view, draft);
    if (save.isPending) return;
    if (Object.keys(changes).length === 0) {
      end();
      return;
    }
    save.mutate(changes, {
      onSuccess: (saved) => {
        end();
        toast(`Saved the view “${saved.name}”`);
        void navigate({ to: "/tickets", search: searchOf(saved) });
      },
    });
  }

  return (
    <Sheet onClose={onClose} title={`Edit the view “${view.name}”`}>
      <form className={classes.fields} onSubmit={submit}>
        <Fields filter={view.filter} values={draft} change={change} problem={save.error} />
        <FormProblem problem={save.error} fields={FIELDS} />
        <div className={classes.actions}>
          <Button variant="default" onClick={end}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save view
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
