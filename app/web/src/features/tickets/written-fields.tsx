import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { Problem } from "../../../client/src/problems.ts";
import { capitalized } from "../../ui/format";
import type { Ticket } from "./queries";
import { PRIORITIES, type Priority } from "./search";

export type Written = Pick<Ticket, "title" | "description" | "priority">;

type Props = { values: Written; change: (patch: Partial<Written>) => void; problem: Problem | null };

/** What anyone may write in a ticket, be it a new one or one that is there; it begins with the focus on the title. */
export function WrittenFields({ values, change, problem }: Props) {
  return (
    <>
      <TextInput
        ref={focusOnce}
        label="Title"
        data-autofocus // where a dialog would choose another one
        value={values.title}
        maxLength={255}
        error={problem?.about("title")}
        onChange={(event) => {
          change({ title: event.currentTarget.value });
        }}
      />
      <Textarea
        label="Description"
        rows={8}
        value={values.description}
        maxLength={20_000}
        error={problem?.about("description")}
        onChange={(event) => {
          change({ description: event.currentTarget.value });
        }}
      />
      <NativeSelect
        label="Priority"
        data={PRIORITIES.map((value) => ({ value, label: capitalized(value) }))}
        value={values.priority}
        error={problem?.about("priority")}
        onChange={(event) => {
          change({ priority: event.currentTarget.value as Priority });
        }}
      />
    </>
  );
}

function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
