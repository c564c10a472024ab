import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useMay } from "../../api/may";
import type { Problem } from "../../../client/src/problems.ts";
import { capitalized } from "../../ui/format";
import classes from "./job.module.css";
import type { Job } from "./queries";
import { isMoving } from "./states";
import { stepsOf, type Step } from "./steps";
import { useMayRetry, useStep } from "./use-step";

/** The buttons of a job, for those who may press them. Renders when its state changes, not its figures. */
export const Actions = memo(
  function Actions({ job }: { job: Job }) {
    const step = useStep(job.id);
    const isRetryable = useMayRetry(job);
    if (!useMay("jobs.steer")) return null;
    const steps = stepsOf(job, isRetryable);
    return (
      <div className={classes.actions}>
        {step.isError && <Refusal problem={step.error} step={step.variables} />}
        {steps.map((one, index) => (
          <Button
            key={one}
            variant={index === 0 && !isMoving(job) ? "filled" : "default"}
            loading={step.isPending && step.variables === one}
            disabled={step.isPending}
            onClick={() => {
              step.take(one);
            }}
          >
            {capitalized(one)}
          </Button>
        ))}
      </div>
    );
  },
  (a, b) =>
    a.job.status === b.job.status && a.job.undoable === b.job.undoable && a.job.retriedBy === b.job.retriedBy,
);

/** Says that a step was not taken, and how the job is. */
function Refusal({ problem, step }: { problem: Problem; step: Step }) {
  const { state, jobId } = problem.body;
  const words = typeof state === "string" ? `the job is ${state} already.` : problem.detail;
  return (
    <p role="alert" className={classes.refusal}>
      {`No ${step}: ${words}`}{" "}
      {typeof jobId === "string" && (
        <Link to="/jobs/$jobId" params={{ jobId }}>
          See that job
        </Link>
      )}
    </p>
  );
}
