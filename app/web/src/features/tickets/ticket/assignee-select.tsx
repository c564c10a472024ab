import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { staffQuery, useNameOf } from "../../users/queries";

type Props = {
  value: string | null;
  error: string | undefined;
  onChange: (userId: string | null) => void;
};

export function AssigneeSelect({ value, error, onChange }: Props) {
  const nameOf = useNameOf();
  const [text, setText] = useState("");
  const chosenName = value === null ? "" : nameOf(value);
  const [wanted] = useDebouncedValue(text === chosenName ? "" : text.trim(), 200);
  const { data: staff = [] } = useQuery(staffQuery(wanted));
  const found = staff.map(({ id, username }) => ({ value: id, label: username }));
  const isFound = value === null || found.some((one) => one.value === value);
  return (
    <Select
      label="Assignee"
      placeholder="Nobody"
      searchable
      clearable
      nothingFoundMessage="Nobody of this name"
      data={isFound ? found : [{ value, label: chosenName }, ...found]}
      value={value}
      error={error}
      onChange={onChange}
      onSearchChange={setText}
    />
  );
}
