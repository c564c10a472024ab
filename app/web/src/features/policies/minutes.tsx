import { TextInput } from "@mantine/core";
import type { Problem } from "../../../client/src/problems.ts";
import classes from "./policies.module.css";
import type { Policy } from "./queries";
import { minutesWords } from "./words";

const DEADLINES = [
  ["firstAnswerMinutes", "First answer"],
  ["nextAnswerMinutes", "Next answer"],
  ["solutionMinutes", "Solution"],
] as const;

type Minutes = Pick<Policy, (typeof DEADLINES)[number][0]>;
type Props = { values: Minutes; change: (patch: Partial<Minutes>) => void; problem: Problem | null };

/** Whether a policy was refused because it says nothing of any deadline. */
export function lacksMinutes(problem: Problem | null): boolean {
  return problem?.errors.some(({ path }) => path === "$") ?? false;
}

/** By when tickets are to be answered and solved; what is left empty has no deadline. */
export function PolicyMinutes({ values, change, problem }: Props) {
  return (
    <fieldset className={classes.minutes}>
      <legend>Minutes until</legend>
      {DEADLINES.map(([field, label]) => (
        <TextInput
          key={field}
          label={label}
          description={minutesWords(values[field] ?? 0) || "No deadline"}
          type="number"
          min={1}
          value={values[field] ?? ""}
          error={problem?.about(field)}
          onChange={(event) => {
            change({ [field]: event.currentTarget.valueAsNumber || null });
          }}
        />
      ))}
      {lacksMinutes(problem) && (
        <p role="alert" className={classes.wrong}>
          Give one of the three, at least.
        </p>
      )}
    </fieldset>
  );
}
