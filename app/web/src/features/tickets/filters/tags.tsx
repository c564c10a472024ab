import { Button, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { useTags } from "../queries";
import { Facet, type Layout } from "./facet";
import classes from "./filters.module.css";
import { chosenWords, toggled } from "./toggled";
import { useFilter } from "./use-filter";

export function TagsFacet({ layout }: { layout: Layout }) {
  const { search } = useFilter();
  const chosen = search.tags ?? [];
  return (
    <Facet name="Tags" words={chosenWords(chosen) ?? "Tags"} isSet={chosen.length > 0} layout={layout}>
      <Tags chosen={chosen} />
    </Facet>
  );
}

function Tags({ chosen }: { chosen: readonly string[] }) {
  const { change } = useFilter();
  const [text, setText] = useState("");
  const known = useTags().filter((tag) => !chosen.includes(tag));
  const listId = useId();
  return (
    <>
      <form
        className={classes.row}
        onSubmit={(event) => {
          event.preventDefault();
          const tag = text.trim();
          setText("");
          if (tag !== "" && !chosen.includes(tag)) change({ tags: [...chosen, tag] });
        }}
      >
        <TextInput
          aria-label="Tag"
          placeholder="Tag"
          value={text}
          maxLength={50}
          list={listId}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <datalist id={listId}>
          {known.map((tag) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
        <Button type="submit" variant="default">
          Add
        </Button>
      </form>
      <ul className={classes.tags}>
        {chosen.map((tag) => (
          <li key={tag}>
            <button
              type="button"
              className={classes.tag}
              aria-label={`Remove ${tag}`}
              onClick={() => {
                change({ tags: toggled(chosen, tag) });
              }}
            >
              {tag} <span aria-hidden>✕</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
