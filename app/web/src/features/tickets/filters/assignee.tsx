import { Checkbox, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { capitalized } from "../../../ui/format";
import { staffQuery, useNameOf } from "../../users/queries";
import { WHOEVER } from "../filter-words";
import { Facet, type Layout } from "./facet";
import classes from "./filters.module.css";
import { chosenWords, toggled } from "./toggled";
import { useFilter } from "./use-filter";

const NOBODY = { id: "none", username: capitalized(WHOEVER.none) };

export function AssigneeFacet({ layout }: { layout: Layout }) {
  const { search } = useFilter();
  const nameOf = useChoiceName();
  const chosen = search.assigneeId ?? [];
  return (
    <Facet
      name="Assignee"
      words={chosenWords(chosen.map(nameOf)) ?? "Any assignee"}
      isSet={chosen.length > 0}
      layout={layout}
    >
      <Assignees chosen={chosen} />
    </Facet>
  );
}

function Assignees({ chosen }: { chosen: readonly string[] }) {
  const { change } = useFilter();
  const nameOf = useChoiceName();
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const { data: staff, isError, error } = useQuery(staffQuery(wanted));
  const offered = [...(wanted === "" ? [NOBODY] : []), ...(staff ?? [])];
  const others = offered.filter(({ id }) => !chosen.includes(id));
  const shown = [...chosen.map((id) => ({ id, username: nameOf(id) })), ...others];
  return (
    <>
      <TextInput
        aria-label="Find an assignee"
        placeholder="Find"
        value={text}
        maxLength={254}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      <div className={classes.choices}>
        {shown.map(({ id, username }) => (
          <Checkbox
            key={id}
            label={username}
            checked={chosen.includes(id)}
            onChange={() => {
              change({ assigneeId: toggled(chosen, id) });
            }}
          />
        ))}
        {isError && <p role="alert">{error.detail}</p>}
        {staff && shown.length === 0 && <p className={classes.quiet}>Nobody of this name</p>}
      </div>
    </>
  );
}

function useChoiceName(): (id: string) => string {
  const nameOf = useNameOf();
  return (id) => (id === "me" || id === "none" ? capitalized(WHOEVER[id]) : nameOf(id));
}
