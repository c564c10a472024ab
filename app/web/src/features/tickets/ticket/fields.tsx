import { NativeSelect, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useMay } from "../../../api/may";
import type { Problem } from "../../../api/problems";
import { capitalized, words } from "../../../ui/format";
import { useTags } from "../queries";
import { PRIORITIES, STATUSES, type Priority, type Status } from "../search";
import { AssigneeSelect } from "./assignee-select";
import type { Values } from "./changes";

type Props = { values: Values; change: (patch: Partial<Values>) => void; problem: Problem | null };

export function Fields({ values, change, problem }: Props) {
  const isStaff = useMay("ticket.triage");
  return (
    <>
      <TextInput
        ref={focusOnce}
        label="Title"
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
      <StatusAndPriority values={values} change={change} problem={problem} />
      {isStaff && <Triage values={values} change={change} problem={problem} />}
    </>
  );
}

function StatusAndPriority({ values, change, problem }: Props) {
  const choices = (all: readonly string[]) =>
    all.map((value) => ({ value, label: capitalized(words(value)) }));
  return (
    <>
      <NativeSelect
        label="Status"
        data={choices(STATUSES)}
        value={values.status}
        error={problem?.about("status")}
        onChange={(event) => {
          change({ status: event.currentTarget.value as Status });
        }}
      />
      <NativeSelect
        label="Priority"
        data={choices(PRIORITIES)}
        value={values.priority}
        error={problem?.about("priority")}
        onChange={(event) => {
          change({ priority: event.currentTarget.value as Priority });
        }}
      />
    </>
  );
}

/** What is for staff alone. */
function Triage({ values, change, problem }: Props) {
  const tags = useTags();
  return (
    <>
      <AssigneeSelect
        value={values.assigneeId}
        error={problem?.about("assigneeId")}
        onChange={(assigneeId) => {
          change({ assigneeId });
        }}
      />
      <TagsInput
        label="Tags"
        data={tags}
        value={values.tags}
        maxTags={50}
        acceptValueOnBlur
        error={problem?.errors.find(({ path }) => path.startsWith("$.tags"))?.message}
        onChange={(tags) => {
          change({ tags });
        }}
      />
    </>
  );
}

function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
