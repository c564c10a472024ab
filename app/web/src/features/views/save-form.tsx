import { Button, Checkbox, TextInput } from "@mantine/core";
import { cache } from "../../api/cache";
import { useMay } from "../../api/may";
import { announce } from "../../ui/announcer";
import { FormProblem } from "../../ui/form-problem";
import { useDraft } from "../../ui/use-draft";
import type { Filter } from "../tickets/search";
import { useSaveView } from "./queries";
import classes from "./views.module.css";

const EMPTY = { name: "", shared: false };

export function SaveForm({ filter }: { filter: Filter }) {
  const { draft, change, discard } = useDraft("view", EMPTY);
  const save = useSaveView();
  const mayShare = useMay("view.share");
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (cache.isMutating({ mutationKey: ["views", "save"] }) > 0) return;
        save.mutate(
          { ...draft, filter },
          {
            onSuccess: ({ name }) => {
              discard();
              announce(`Saved the view ${name}`);
            },
          },
        );
      }}
    >
      <TextInput
        label="Save this filter as"
        value={draft.name}
        maxLength={100}
        error={save.error?.about("name")}
        onChange={(event) => {
          change({ name: event.currentTarget.value });
        }}
      />
      {mayShare && (
        <Checkbox
          label="Everyone may use it"
          checked={draft.shared}
          onChange={(event) => {
            change({ shared: event.currentTarget.checked });
          }}
        />
      )}
      <FormProblem problem={save.error} fields={["name"]} />
      <Button type="submit" variant="default" loading={save.isPending}>
        Save view
      </Button>
    </form>
  );
}
