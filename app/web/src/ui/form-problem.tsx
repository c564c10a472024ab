import type { Problem } from "../../client/src/problems.ts";
import { CopyableId } from "./copyable-id";
import classes from "./ui.module.css";

/** Why a form was not taken; what is wrong with single fields stands beside those. */
export function FormProblem({ problem, fields }: { problem: Problem | null; fields: readonly string[] }) {
  if (!problem || fields.some((field) => problem.about(field))) return null;
  return (
    <p role="alert" className={classes.formProblem}>
      {problem.detail}{" "}
      {problem.requestId && (
        <span>
          Request <CopyableId id={problem.requestId} label="request id" />
        </span>
      )}
    </p>
  );
}
