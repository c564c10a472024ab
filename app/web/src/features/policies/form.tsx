import { Button } from "@mantine/core";
import { useState, type ReactNode, type SubmitEvent } from "react";
import type { Problem } from "../../../client/src/problems.ts";
import { FormProblem } from "../../ui/form-problem";
import classes from "./policies.module.css";

type Props = {
  problem: Problem | null;
  fields: readonly string[];
  isPending: boolean;
  onSave: () => void;
  onCancel: () => void;
  /** There for what can be deleted; asks once more. */
  onDelete: (() => void) | undefined;
  children: ReactNode;
};

/** What the forms of policies and of calendars have in common. */
export function Form({ problem, fields, isPending, onSave, onCancel, onDelete, children }: Props) {
  const [isSure, setSure] = useState(false);
  return (
    <form
      className={classes.form}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!isPending) onSave();
      }}
    >
      {children}
      <FormProblem problem={problem} fields={fields} />
      <div className={classes.actions}>
        {onDelete && (
          <Button
            variant="default"
            className={classes.delete}
            onClick={() => {
              if (isSure) onDelete();
              setSure(true);
            }}
          >
            {isSure ? "Delete it for good" : "Delete"}
          </Button>
        )}
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
