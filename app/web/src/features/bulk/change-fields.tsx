import { NativeSelect, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { capitalized, words } from "../../ui/format";
import { useTags } from "../tickets/queries";
import { PRIORITIES, STATUSES } from "../tickets/search";
import { staffQuery } from "../users/queries";
import classes from "./dialog.module.css";
import type { FieldsProps } from "./confirm-fields";
import type { Changes } from "./requests";

const AS_IT_IS = { value: "", label: "As it is" };
const NOBODY = "nobody";

/** What becomes of the tickets; what is left as it is does not change. */
export function ChangeFields({ draft: { changes }, onEdit, problem }: FieldsProps) {
  const assignees = useQuery(staffQuery("")).data ?? [];
  const change = (fields: Partial<Changes>) => {
    onEdit({ changes: { ...changes, ...fields } });
  };
  return (
    <fieldset className={classes.fields}>
      <legend className="visually-hidden">What to change</legend>
      <NativeSelect
        label="Status"
        data-autofocus
        data={[AS_IT_IS, ...STATUSES.map((value) => ({ value, label: capitalized(words(value)) }))]}
        value={changes.status ?? ""}
        onChange={({ currentTarget }) => {
          change({ status: STATUSES.find((one) => one === currentTarget.value) });
        }}
      />
      <NativeSelect
        label="Priority"
        data={[AS_IT_IS, ...PRIORITIES.map((value) => ({ value, label: capitalized(value) }))]}
        value={changes.priority ?? ""}
        onChange={({ currentTarget }) => {
          change({ priority: PRIORITIES.find((one) => one === currentTarget.value) });
        }}
      />
      <NativeSelect
        label="Assignee"
        data={[
          AS_IT_IS,
          { value: NOBODY, label: "Nobody" },
          ...assignees.map(({ id, username }) => ({ value: id, label: username })),
        ]}
        value={changes.assigneeId === null ? NOBODY : (changes.assigneeId ?? "")}
        error={problem?.about("payload.assigneeId")}
        onChange={({ currentTarget }) => {
          change({ assigneeId: assigneeOf(currentTarget.value) });
        }}
      />
      <Tags
        label="Add tags"
        value={changes.addTags}
        without={changes.removeTags}
        onChange={(addTags) => {
          change({ addTags });
        }}
      />
      <Tags
        label="Remove tags"
        value={changes.removeTags}
        without={changes.addTags}
        onChange={(removeTags) => {
          change({ removeTags });
        }}
      />
    </fieldset>
  );
}

function assigneeOf(value: string): string | null | undefined {
  if (value === NOBODY) return null;
  return value || undefined;
}

type TagsProps = { label: string; value: string[]; without: string[]; onChange: (tags: string[]) => void };

/** A tag cannot be added and removed at once. */
function Tags({ label, value, without, onChange }: TagsProps) {
  const known = useTags().filter((tag) => !without.includes(tag));
  return (
    <TagsInput
      label={label}
      data={known}
      placeholder={value.length === 0 ? "None" : ""}
      maxTags={20}
      comboboxProps={{ keepMounted: false }}
      splitChars={[","]}
      acceptValueOnBlur
      value={value}
      onChange={(tags) => {
        const several = tags.flatMap((tag) => tag.split(",")).map((tag) => tag.trim());
        onChange(several.filter((tag) => tag !== "" && !without.includes(tag)));
      }}
    />
  );
}
