import { NativeSelect, TagsInput, TextInput } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { Sheet } from "../../ui/sheet";
import { useDraft } from "../../ui/use-draft";
import { Form } from "./form";
import { lacksMinutes, PolicyMinutes } from "./minutes";
import { PolicyPriorities } from "./priorities";
import { useDeletePolicy, useSavePolicy, type Calendar, type Policy } from "./queries";
import { useTell } from "./told";

type Values = Required<Schemas["CreatePolicy"]>;

const FIELDS = ["name", "position", "firstAnswerMinutes", "nextAnswerMinutes", "solutionMinutes"];

type Props = {
  policy: Policy | undefined;
  position: number;
  calendars: readonly Calendar[];
  onClose: () => void;
};

/** A policy to be changed, or a new one, which comes after the others. */
export default function PolicyDialog({ policy, position, calendars, onClose }: Props) {
  const { draft, change, problem, ...form } = usePolicyForm(policy, position, onClose);
  return (
    <Sheet onClose={form.onCancel} title={policy ? `Change “${policy.name}”` : "New policy"}>
      <Form problem={lacksMinutes(problem) ? null : problem} fields={FIELDS} {...form}>
        <TextInput
          label="Name"
          data-autofocus
          maxLength={100}
          value={draft.name}
          error={problem?.about("name")}
          onChange={(event) => {
            change({ name: event.currentTarget.value });
          }}
        />
        <TextInput
          label="Position"
          description="Of the policies that fit a ticket the first one counts"
          type="number"
          min={1}
          max={10_000}
          value={draft.position}
          error={problem?.about("position")}
          onChange={(event) => {
            change({ position: event.currentTarget.valueAsNumber || 1 });
          }}
        />
        <PolicyPriorities values={draft} change={change} />
        <TagsInput
          label="Tags"
          description="A ticket with one of them; none: any ticket"
          maxTags={50}
          acceptValueOnBlur
          value={draft.tags}
          onChange={(tags) => {
            change({ tags });
          }}
        />
        <PolicyMinutes values={draft} change={change} problem={problem} />
        <NativeSelect
          label="Hours that count"
          data={[
            { value: "", label: "Around the clock" },
            ...calendars.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={draft.calendarId ?? ""}
          onChange={(event) => {
            change({ calendarId: event.currentTarget.value || null });
          }}
        />
      </Form>
    </Sheet>
  );
}

function usePolicyForm(policy: Policy | undefined, position: number, onClose: () => void) {
  const { draft, change, discard } = useDraft<Values>(
    `policy-${policy?.id ?? "new"}`,
    valuesOf(policy, position),
  );
  const save = useSavePolicy(policy?.id);
  const remove = useDeletePolicy(policy?.id ?? "");
  const tell = useTell();

  function finish() {
    discard();
    onClose();
  }

  function done(what: string) {
    return ({ jobId }: { jobId: string }) => {
      tell(`${what} “${policy?.name ?? draft.name}”`, jobId);
      finish();
    };
  }

  return {
    draft,
    change,
    problem: save.error ?? remove.error,
    isPending: save.isPending || remove.isPending,
    onSave: () => {
      save.mutate(draft, { onSuccess: done("Saved") });
    },
    onDelete:
      policy &&
      (() => {
        remove.mutate(undefined, { onSuccess: done("Deleted") });
      }),
    onCancel: finish,
  };
}

function valuesOf(policy: Policy | undefined, position: number): Values {
  if (policy) {
    const { id, ...values } = policy;
    return values;
  }
  const minutes = { firstAnswerMinutes: null, nextAnswerMinutes: null, solutionMinutes: null };
  return { name: "", position, priorities: [], tags: [], calendarId: null, ...minutes };
}
