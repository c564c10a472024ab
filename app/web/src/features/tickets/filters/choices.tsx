import { Checkbox } from "@mantine/core";
import { capitalized, words } from "../../../ui/format";
import { LATENESS } from "../filter-words";
import {
  PRIORITIES,
  SLAS,
  STATUSES,
  TYPES,
  type Priority,
  type Sla,
  type Status,
  type Type,
} from "../search";
import { Facet, type Layout } from "./facet";
import classes from "./filters.module.css";
import { chosenWords, toggled } from "./toggled";
import { useFilter } from "./use-filter";

export function StatusFacet({ layout }: { layout: Layout }) {
  const { search, change } = useFilter();
  return (
    <Choices<Status>
      name="Status"
      any="Any status"
      all={STATUSES}
      chosen={search.status}
      layout={layout}
      onChange={(status) => {
        change({ status });
      }}
    />
  );
}

export function TypeFacet({ layout }: { layout: Layout }) {
  const { search, change } = useFilter();
  return (
    <Choices<Type>
      name="Type"
      any="Any type"
      all={TYPES}
      chosen={search.type}
      layout={layout}
      onChange={(type) => {
        change({ type });
      }}
    />
  );
}

export function PriorityFacet({ layout }: { layout: Layout }) {
  const { search, change } = useFilter();
  return (
    <Choices<Priority>
      name="Priority"
      any="Any priority"
      all={PRIORITIES}
      chosen={search.priority}
      layout={layout}
      onChange={(priority) => {
        change({ priority });
      }}
    />
  );
}

export function SlaFacet({ layout }: { layout: Layout }) {
  const { search, change } = useFilter();
  return (
    <Choices<Sla>
      name="Due"
      any="Due"
      all={SLAS}
      labelOf={(sla) => capitalized(LATENESS[sla])}
      chosen={search.sla}
      layout={layout}
      onChange={(sla) => {
        change({ sla });
      }}
    />
  );
}

type Props<T> = {
  name: string;
  /** What stands there while nothing is chosen. */
  any: string;
  all: readonly T[];
  labelOf?: (value: T) => string;
  chosen: T[] | undefined;
  layout: Layout;
  onChange: (chosen: T[] | undefined) => void;
};

function Choices<T extends string>({
  name,
  any,
  all,
  labelOf = (value) => capitalized(words(value)),
  chosen = [],
  layout,
  onChange,
}: Props<T>) {
  return (
    <Facet
      name={name}
      words={chosenWords(chosen.map(labelOf)) ?? any}
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
