import { Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import { ANY_TIME, fromDays, RANGES, rangeOf, since, toDays } from "../created";
import classes from "./filters.module.css";
import { useFilter } from "./use-filter";

export default function Ranges() {
  const { search, change } = useFilter();
  const range = rangeOf(search, new Date());
  const [isCustom, setCustom] = useState(range === "custom");

  function choose(wanted: string) {
    setCustom(wanted === "custom");
    if (wanted === "any") change(ANY_TIME);
    const days = RANGES.find(({ id }) => id === wanted)?.days;
    if (days !== undefined) change(since(days, new Date()));
  }

  return (
    <>
      <Radio.Group value={isCustom ? "custom" : range} onChange={choose} aria-label="Created">
        <div className={classes.choices}>
          <Radio value="any" label="Any time" />
          {RANGES.map(({ id, label }) => (
            <Radio key={id} value={id} label={label} />
          ))}
          <Radio value="custom" label="Custom" />
        </div>
      </Radio.Group>
      {isCustom && <Days />}
    </>
  );
}

function Days() {
  const { search, change } = useFilter();
  const { from, until } = toDays(search);
  return (
    <div className={classes.row}>
      <TextInput
        type="date"
        label="From"
        value={from}
        max={until || undefined}
        onChange={(event) => {
          change(fromDays(event.currentTarget.value, until));
        }}
      />
      <TextInput
        type="date"
        label="To"
        value={until}
        min={from || undefined}
        onChange={(event) => {
          change(fromDays(from, event.currentTarget.value));
        }}
      />
    </div>
  );
}
