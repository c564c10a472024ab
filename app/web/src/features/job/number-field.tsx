import { TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import classes from "./job.module.css";

const route = getRouteApi("/jobs/$jobId");

/** Finds a ticket among the items when Enter is pressed, or the field is left. */
export function NumberField() {
  const { number } = route.useSearch();
  const navigate = route.useNavigate();

  function find(text: string) {
    const wanted = Number(text.replaceAll(/\D/g, "")) || undefined;
    if (wanted === number) return;
    void navigate({ search: (old) => ({ ...old, number: wanted }), replace: true, resetScroll: false });
  }

  return (
    <TextInput
      type="search"
      inputMode="numeric"
      aria-label="Find a ticket by its number"
      placeholder="Ticket number"
      size="xs"
      maxLength={16}
      className={classes.number}
      defaultValue={number ?? ""}
      onBlur={({ currentTarget }) => {
        find(currentTarget.value);
      }}
      onKeyDown={({ key, currentTarget }) => {
        if (key === "Enter") find(currentTarget.value);
      }}
    />
  );
}
