import { Button } from "@mantine/core";
import type { ReactNode, SubmitEvent } from "react";
import type { Problem } from "../../../client/src/problems.ts";
import { count } from "../../ui/format";
import { FormProblem } from "../../ui/form-problem";
import classes from "./inventory.module.css";

type Props = {
  action: string;
  problem: Problem | null;
  fields: readonly string[];
  isPending: boolean;
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
};

/** What the forms about stock have in common. */
export function Form({ action, problem, fields, isPending, onSubmit, onCancel, children }: Props) {
  const there = problem?.code === "out_of_stock" ? Number(problem.body.onHand) : null;
  return (
    <form
      className={classes.form}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!isPending) onSubmit();
      }}
    >
      {children}
      {there === null ? (
        <FormProblem problem={problem} fields={fields} />
      ) : (
        <p role="alert" className={classes.refusal}>
          There are only {count(there)} of it now.
        </p>
      )}
      <div className={classes.actions}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending}>
          {action}
        </Button>
      </div>
    </form>
  );
}
