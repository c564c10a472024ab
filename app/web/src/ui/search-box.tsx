import { TextInput } from "@mantine/core";
import { useRef } from "react";
import { useKeys } from "./use-keys";
import classes from "./ui.module.css";

type Props = {
  label: string;
  screen: string;
  maxLength: number;
  text: string;
  onSearch: (text: string) => void;
};

/** Searches when Enter is pressed, or the field is left; "/" leads here. */
export function SearchBox({ label, screen, maxLength, text, onSearch }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useKeys({ "/": { does: "Search", run: enter } }, screen);

  function enter() {
    field.current?.focus();
    field.current?.select();
  }

  function search(wanted: string) {
    if (wanted !== text) onSearch(wanted);
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
      onBlur={(event) => {
        search(event.currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") search(event.currentTarget.value.trim());
      }}
    />
  );
}
