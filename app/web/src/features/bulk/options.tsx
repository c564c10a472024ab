import { NativeSelect, TextInput } from "@mantine/core";
import { capitalized } from "../../ui/format";
import classes from "./bulk.module.css";
import type { FieldsProps } from "./confirm-fields";

const PRIORITIES = ["high", "normal", "low"] as const;

/** What hardly anyone needs, folded away. */
export function Options({ draft, onEdit, problem, hasFilter }: FieldsProps & { hasFilter: boolean }) {
  return (
    <details className={classes.fold}>
      <summary>Options</summary>
      <div className={classes.fields}>
        <NativeSelect
          label="Priority of the job"
          data={PRIORITIES.map((value) => ({ value, label: capitalized(value) }))}
          value={draft.priority}
          onChange={({ currentTarget }) => {
            onEdit({ priority: PRIORITIES.find((one) => one === currentTarget.value) ?? "normal" });
          }}
        />
        <TextInput
          type="datetime-local"
          label="Begin at"
          description={hasFilter ? "What matches is looked up then" : "Empty: now"}
          value={draft.beginAt}
          error={problem?.about("runAt")}
          onChange={({ currentTarget }) => {
            onEdit({ beginAt: currentTarget.value });
          }}
        />
        <TextInput
          type="number"
          label="Tickets a second"
          description="At most; empty: as fast as it can"
          min={1}
          max={1_000_000}
          step={1}
          value={draft.itemsPerSecond}
          error={problem?.about("maxItemsPerSecond")}
          onChange={({ currentTarget }) => {
            onEdit({ itemsPerSecond: currentTarget.value });
          }}
        />
      </div>
    </details>
  );
}
