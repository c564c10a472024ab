import { TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { useKeys } from "../../ui/use-keys";
import classes from "./tickets.module.css";

/** Searches when Enter is pressed, or the field is left; the address has what is searched for. */
export function SearchField() {
  const { text = "" } = useSearch({ strict: false });
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  useKeys({ "/": { does: "Search", run: enter } }, "Tickets");

  function enter() {
    field.current?.focus();
    field.current?.select();
  }

  function search(wanted: string) {
    if (wanted === text) return;
    void navigate({ to: ".", search: (old) => ({ ...old, text: wanted || undefined, page: undefined }) });
  }

  return (
    <TextInput
      key={text}
      ref={field}
      type="search"
      aria-label="Search titles"
      placeholder="Search  /"
      size="xs"
      maxLength={255}
      className={classes.search}
      defaultValue={text}
      onBlur={(event) => {
        search(event.currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") search(event.currentTarget.value.trim());
      }}
    />
  );
}
