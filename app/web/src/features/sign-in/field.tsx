import type { ComponentProps } from "react";
import type { Problem } from "../../../client/src/problems.ts";

type Props = ComponentProps<"input"> & {
  label: string;
  name: string;
  isFirst?: boolean;
  problem?: Problem | null;
};

/** A plain field with its name above it, and the server's words about it below. */
export function Field({ label, isFirst = false, problem, ...input }: Props) {
  const error = problem?.about(input.name);
  return (
    <label>
      {label}
      <input {...input} aria-invalid={error !== undefined || undefined} ref={isFirst ? focus : undefined} />
      {error !== undefined && <span role="alert">{error}</span>}
    </label>
  );
}

function focus(field: HTMLInputElement | null): void {
  field?.focus(); // nothing else can be done here
}
