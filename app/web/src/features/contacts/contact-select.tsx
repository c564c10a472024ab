import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { contactQuery, contactsQuery, type Contact } from "./queries";

type Props = {
  label: string;
  /** Who is not to be chosen. */
  without?: string;
  isFirst?: boolean;
  value: string | null;
  onChange: (contactId: string | null) => void;
  error: string | undefined;
};

/** One of all contacts: the first of those that have what is typed in their name, e-mail or organization. */
export function ContactSelect({ label, without, isFirst = false, value, onChange, error }: Props) {
  const [text, setText] = useState("");
  const { data: chosen } = useQuery({ ...contactQuery(value ?? ""), enabled: value !== null });
  const isTyping = text.trim() !== "" && (!chosen || text !== labelOf(chosen));
  const [wanted] = useDebouncedValue(isTyping ? text.trim() : undefined, 200);
  const { data } = useQuery(contactsQuery(wanted === undefined ? {} : { text: wanted }));
  const found = data?.contacts.filter(({ id }) => id !== without && id !== value) ?? [];
  return (
    <Select
      label={label}
      placeholder="Name, e-mail or organization"
      data-autofocus={isFirst || undefined}
      searchable
      clearable
      clearButtonProps={{ "aria-label": `Clear: ${label}` }}
      openOnFocus={false} // which would hide what is said below it
      comboboxProps={{ withinPortal: false, floatingStrategy: "fixed" }}
      nothingFoundMessage="Nobody like that"
      filter={({ options }) => options} // the server has found them, by more than their label
      data={[...(chosen ? [chosen] : []), ...found].map((contact) => ({
        value: contact.id,
        label: labelOf(contact),
      }))}
      value={value}
      error={error}
      onChange={onChange}
      onSearchChange={setText}
    />
  );
}

function labelOf({ name, email, organization }: Contact): string {
  return [name, email ?? organization].filter(Boolean).join(" · ");
}
