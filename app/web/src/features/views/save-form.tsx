import { Button, NativeSelect, TextInput } from "@mantine/core";
import { cache } from "../../api/cache";
import { useMay } from "../../api/may";
import { announce } from "../../ui/announcer";
import { FormProblem } from "../../ui/form-problem";
import { useDraft } from "../../ui/use-draft";
import type { Filter, Sort } from "../tickets/search";
import { useSaveView, type View } from "./queries";
import classes from "./views.module.css";

const AUDIENCES = {
  me: { label: "Only me", roles: [] },
  staff: { label: "Agents and admins", roles: ["agent", "admin"] },
  everyone: { label: "Everyone", roles: ["requester", "agent", "admin"] },
} satisfies Record<string, { label: string; roles: View["sharedWith"] }>;

type Draft = { name: string; audience: keyof typeof AUDIENCES };

const EMPTY: Draft = { name: "", audience: "me" };

type Props = { filter: Filter; sort: Sort | null; columns: View["columns"] };

/** Keeps what the list shows, and in which order. */
export function SaveForm({ filter, sort, columns }: Props) {
  const { draft, change, discard } = useDraft("view", EMPTY);
  const save = useSaveView();
  const mayShare = useMay("view.share");
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (cache.isMutating({ mutationKey: ["views", "save"] }) > 0) return;
        const sharedWith = AUDIENCES[draft.audience].roles;
        save.mutate(
          { name: draft.name, filter, sort, sharedWith, columns, position: 0 },
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
        <NativeSelect
          label="Who may use it"
          value={draft.audience}
          onChange={(event) => {
            change({ audience: event.currentTarget.value as Draft["audience"] });
          }}
        >
          {Object.entries(AUDIENCES).map(([audience, { label }]) => (
            <option key={audience} value={audience}>
              {label}
            </option>
          ))}
        </NativeSelect>
      )}
      <FormProblem problem={save.error} fields={["name"]} />
      <Button type="submit" variant="default" loading={save.isPending}>
        Save view
      </Button>
    </form>
  );
}
