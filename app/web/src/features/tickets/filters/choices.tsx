import { Checkbox } from "@mantine/core";
import { capitalized, words } from "../../../ui/format";
import { PRIORITIES, STATUSES, type Priority, type Status } from "../search";
import { Facet, type Layout } from "./facet";
import classes from "./filters.module.css";
import { chosenWords, toggled } from "./toggled";
import { useFilter } from "./use-filter";

export function StatusFacet({ layout }: { layout: Layout }) {
  const { search, change } = useFilter();
  return (
    <Choices<Status>
      name="Status"
      all={STATUSES}
      chosen={search.status}
      layout={layout}
      onChange={(status) => {
        change({ status });
      }}
    />
  );
}

export function PriorityFacet({ layout }: { layout: Layout }) {
  const { search, change } = useFilter();
  return (
    <Choices<Priority>
      name="Priority"
      all={PRIORITIES}
      chosen={search.priority}
      layout={layout}
      onChange={(priority) => {
        change({ priority });
      }}
    />
  );
}

type Props<T> = {
  name: string;
  all: readonly T[];
  chosen: T[] | undefined;
  layout: Layout;
  onChange: (chosen: T[] | undefined) => void;
};

function Choices<T extends string>({ name, all, chosen = [], layout, onChange }: Props<T>) {
  const labelOf = (value: T) => capitalized(words(value));
  return (
    <Facet
      name={name}
      words={chosenWords(chosen.map(labelOf)) ?? `Any ${name.toLowerCase()}`}
      isSet={chosen.length > 0}
      layout={layout}
    >
      <div className={classes.choices}>
        {all.map((value) => (
          <Checkbox
            key={value}
            label={labelOf(value)}
            checked={chosen.includes(value)}
            onChange={() => {
              onChange(toggled(chosen, value));
            }}
          />
        ))}
      </div>
    </Facet>
  );
}
