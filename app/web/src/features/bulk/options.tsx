import { NativeSelect, TextInput } from "@mantine/core";
import classes from "./dialog.module.css";
import type { FieldsProps } from "./confirm-fields";

const PRIORITIES = [
  { value: "high", label: "Before others" },
  { value: "normal", label: "In turn" },
  { value: "low", label: "After others" },
] as const;

/** What hardly anyone needs, folded away. */
export function Options({ draft, onEdit, problem, hasFilter }: FieldsProps & { hasFilter: boolean }) {
  return (
    <details className={classes.fold}>
      <summary>Options</summary>
      <div className={classes.fields}>
        <NativeSelect
          label="Place in the queue"
          description="Among the jobs that wait"
          data={PRIORITIES}
          value={draft.priority}
          onChange={({ currentTarget }) => {
            onEdit({
              priority: PRIORITIES.find(({ value }) => value === currentTarget.value)?.value ?? "normal",
            });
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
