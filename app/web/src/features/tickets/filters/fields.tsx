import { Checkbox } from "@mantine/core";
import { fieldsInWords } from "../field-words";
import { inAddress, type Filter } from "../search";
import { Facet, type Layout } from "./facet";
import classes from "./filters.module.css";
import { chosenWords } from "./toggled";
import { useFilter } from "./use-filter";

type Props = { fields: NonNullable<Filter["fields"]>; layout: Layout };

/** What a view, or an address, looks for in fields that a type of ticket has. */
export default function FieldsFacet({ fields, layout }: Props) {
  const { change } = useFilter();
  const labels = fieldsInWords(fields).map(([name, value]) => `${name} ${value}`);
  return (
    <Facet name="Fields" words={chosenWords(labels) ?? ""} isSet layout={layout}>
      <div className={classes.choices}>
        {Object.keys(fields).map((name, index) => (
          <Checkbox
            key={name}
            label={labels[index]}
            checked
            onChange={() => {
              change(inAddress({ ...fields, [name]: undefined }));
            }}
          />
        ))}
      </div>
    </Facet>
  );
}
