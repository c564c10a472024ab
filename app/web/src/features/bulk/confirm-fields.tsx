import { TextInput } from "@mantine/core";
import type { Problem } from "../../../client/src/problems.ts";
import { asksForNumber, asksForReason, type Draft, type JobType } from "./requests";

const MAX_REASON = 500;

export type FieldsProps = {
  draft: Draft;
  onEdit: (fields: Partial<Draft>) => void;
  problem: Problem | null;
};

type Props = FieldsProps & { type: JobType; total: number | undefined };

/** Why, and, where it is many, their number by hand. */
export function ConfirmFields({ type, total = 0, draft, onEdit, problem }: Props) {
  return (
    <>
      <TextInput
        label="Why?"
        description="For the audit log"
        data-autofocus={type !== "bulk-update" || undefined}
        required={asksForReason(type, total)}
        maxLength={MAX_REASON}
        value={draft.reason}
        error={problem?.about("reason")}
        onChange={({ currentTarget }) => {
          onEdit({ reason: currentTarget.value });
        }}
      />
      {asksForNumber(total) && (
        <TextInput
          label={`To go on, type ${total}`}
          required
          inputMode="numeric"
          autoComplete="off"
          w={200}
          value={draft.typed}
          onChange={({ currentTarget }) => {
            onEdit({ typed: currentTarget.value });
          }}
        />
      )}
    </>
  );
}
