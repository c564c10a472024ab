import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Ticket } from "../queries";
import { candidatesQuery } from "./queries";

type Props = { except: string; error: string | undefined; onPick: (ticket: Ticket | undefined) => void };

/** Finds another ticket by its number or by words. */
export function TicketPicker({ except, error, onPick }: Props) {
  const [text, setText] = useState("");
  const [picked, setPicked] = useState<Ticket>();
  const isOpen = picked === undefined || text !== labelOf(picked);
  const [wanted] = useDebouncedValue(isOpen ? text.trim().replace(/^#/, "") : "", 200);
  const { data = [], isPending } = useQuery({
    ...candidatesQuery(wanted),
    placeholderData: keepPreviousData,
  });
  const found = data.filter(({ id }) => id !== except && id !== picked?.id);
  const isFoundOut = wanted !== "" && !isPending;
  const offered = picked ? [picked, ...found] : found;
  return (
    <Select
      label="Ticket"
      description={isFoundOut && found.length === 0 ? "No such ticket" : "By its number, or by words"}
      searchable
      data-autofocus
      maxLength={255}
      data={offered.map((ticket) => ({ value: ticket.id, label: labelOf(ticket) }))}
      filter={({ options }) => options} // the server has chosen them already
      value={picked?.id ?? null}
      error={error}
      onSearchChange={setText}
      onChange={(id) => {
        const ticket = offered.find((one) => one.id === id);
        setPicked(ticket);
        onPick(ticket);
      }}
    />
  );
}

function labelOf({ number, title }: Ticket): string {
  return `#${number} ${title}`;
}
