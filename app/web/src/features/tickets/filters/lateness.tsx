import { Radio } from "@mantine/core";
import { capitalized } from "../../../ui/format";
import { LATENESS } from "../filter-words";
import { SLAS } from "../search";
import classes from "./filters.module.css";
import { useFilter } from "./use-filter";

export default function Lateness() {
  const { search, change } = useFilter();
  return (
    <Radio.Group
      value={search.sla ?? "any"}
      aria-label="Due"
      onChange={(wanted) => {
        change({ sla: SLAS.find((sla) => sla === wanted) });
      }}
    >
      <div className={classes.choices}>
        <Radio value="any" label="Whenever" />
        {SLAS.map((sla) => (
          <Radio key={sla} value={sla} label={capitalized(LATENESS[sla])} />
        ))}
      </div>
    </Radio.Group>
  );
}
