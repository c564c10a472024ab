import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { approversQuery } from "./queries";

type Props = {
  value: string | null;
  error: string | undefined;
  onChange: (userId: string | null) => void;
};

/** Whom to ask. Without anyone, admins decide. */
export function ApproverSelect({ value, error, onChange }: Props) {
  const [text, setText] = useState("");
  const { data: all = [] } = useQuery(approversQuery(""));
  const chosen = all.find((one) => one.value === value);
  const [wanted] = useDebouncedValue(text === chosen?.label ? "" : text.trim(), 200);
  const { data: found = [] } = useQuery(approversQuery(wanted));
  const isFound = !chosen || found.some((one) => one.value === value);
  return (
    <Select
      label="Who approves it"
      placeholder="Any admin"
      searchable
      clearable
      nothingFoundMessage="Nobody of this name"
      data={isFound ? found : [chosen, ...found]}
      value={value}
      error={error}
      onChange={onChange}
      onSearchChange={setText}
    />
  );
}
