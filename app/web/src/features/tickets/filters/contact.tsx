import { Checkbox } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { contactQuery } from "../../contacts/queries";
import { Facet, type Layout } from "./facet";
import classes from "./filters.module.css";
import { chosenWords, toggled } from "./toggled";
import { useFilter } from "./use-filter";

/** The contacts whose tickets one has come to see; they are chosen on their own screen. */
export default function ContactFacet({ chosen, layout }: { chosen: readonly string[]; layout: Layout }) {
  const { change } = useFilter();
  const found = useQueries({ queries: chosen.map(contactQuery) });
  const names = chosen.map((id, index) => found[index]?.data?.name ?? id.slice(0, 8));
  return (
    <Facet name="Contact" words={chosenWords(names) ?? ""} isSet layout={layout}>
      <div className={classes.choices}>
        {chosen.map((id, index) => (
          <Checkbox
            key={id}
            label={names[index]}
            checked
            onChange={() => {
              change({ contactId: toggled(chosen, id) });
            }}
          />
        ))}
      </div>
    </Facet>
  );
}
