import { Checkbox } from "@mantine/core";
import { capitalized } from "../../ui/format";
import { PRIORITIES } from "../tickets/search";
import classes from "./policies.module.css";
import type { Policy } from "./queries";

type Values = Pick<Policy, "priorities">;
type Props = { values: Values; change: (patch: Values) => void };

export function PolicyPriorities({ values: { priorities }, change }: Props) {
  return (
    <fieldset className={classes.priorities}>
      <legend>Priorities; none: any</legend>
      {PRIORITIES.map((priority) => (
        <Checkbox
          key={priority}
          label={capitalized(priority)}
          checked={priorities.includes(priority)}
          onChange={(event) => {
            const others = priorities.filter((one) => one !== priority);
            change({ priorities: event.currentTarget.checked ? [...others, priority] : others });
          }}
        />
      ))}
    </fieldset>
  );
}
