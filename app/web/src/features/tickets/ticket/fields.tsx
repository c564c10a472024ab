import { NativeSelect, TagsInput } from "@mantine/core";
import { useMay } from "../../../api/may";
import type { Problem } from "../../../../client/src/problems.ts";
import { capitalized, words } from "../../../ui/format";
import { ContactSelect } from "../../contacts/contact-select";
import { useTags, type Ticket } from "../queries";
import type { Status } from "../search";
import { choicesOf } from "../statuses";
import { AssigneeSelect } from "./assignee-select";
import { WrittenFields } from "../written-fields";
import type { Values } from "./changes";

type Props = { values: Values; change: (patch: Partial<Values>) => void; problem: Problem | null };

/** What can be edited of a ticket, which is as it was when the edit began. */
export function Fields({ ticket, values, change, problem }: Props & { ticket: Ticket }) {
  const isStaff = useMay("ticket.triage");
  return (
    <>
      <WrittenFields values={values} change={change} problem={problem} />
      <StatusSelect ticket={ticket} values={values} change={change} problem={problem} />
      {isStaff && <Triage values={values} change={change} problem={problem} />}
    </>
  );
}

function StatusSelect({ ticket, values, change, problem }: Props & { ticket: Ticket }) {
  const isStaff = useMay("ticket.triage");
  const choices = choicesOf(ticket, values.status, isStaff);
  return (
    <NativeSelect
      label="Status"
      data={choices.map((value) => ({ value, label: capitalized(words(value)) }))}
      value={values.status}
      error={problem?.about("status")}
      onChange={(event) => {
        change({ status: event.currentTarget.value as Status });
      }}
    />
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
      <ContactSelect
        label="Contact"
        value={values.contactId ?? null}
        error={problem?.about("contactId")}
        onChange={(contactId) => {
          change({ contactId });
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
