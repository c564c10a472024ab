import { TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { useKeys } from "./use-keys";
import classes from "./ui.module.css";

type Props = { label: string; screen: string; maxLength: number };

/** Searches when Enter is pressed, or the field is left; "/" leads here. The address has what is searched for. */
export function SearchBox({ label, screen, maxLength }: Props) {
  const { text = "" } = useSearch({ strict: false });
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  useKeys({ "/": { does: "Search", run: enter } }, screen);

  function enter() {
    field.current?.focus();
    field.current?.select();
  }

  function search(typed: string) {
    const wanted = typed.trim();
    if (wanted === text) return;
    void navigate({
      to: ".",
      search: (old) => ({ ...old, text: wanted || undefined, page: undefined, cursor: undefined }),
    });
  }

  return (
    <TextInput
      key={text}
      ref={field}
      type="search"
      aria-label={label}
      placeholder="Search  /"
      size="xs"
      maxLength={maxLength}
      className={classes.searchBox}
      defaultValue={text}
      onBlur={({ currentTarget }) => {
        search(currentTarget.value);
      }}
      onKeyDown={({ key, currentTarget }) => {
        if (key === "Enter") search(currentTarget.value);
      }}
    />
  );
}
