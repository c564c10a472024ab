import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { fieldName } from "../tickets/field-words";
import { partsQuery } from "./queries";
import type { FieldSchema } from "./schema";

type Props = {
  field: FieldSchema;
  value: string;
  error: string | undefined;
  /** Then it is where one begins. */
  isFirst: boolean;
  onChange: (value: string) => void;
};

/** Asks for one field, by what its type says of it. */
export function FieldInput({ field, value, error, isFirst, onChange }: Props) {
  const { name, kind, isRequired, example, maxLength } = field;
  const common = {
    ref: isFirst ? focus : undefined, // once it is there, which is after the dialog has chosen
    "data-autofocus": isFirst || undefined, // or before that
    label: fieldName(name),
    required: isRequired,
    value,
    error,
    onChange: (event: { currentTarget: { value: string } }) => {
      onChange(event.currentTarget.value);
    },
  };
  if (name === "part") return <Part {...common} />;
  if (kind === "text") return <Textarea rows={2} maxLength={maxLength} {...common} />;
  const type = kind === "number" ? { type: "number", min: 1 } : { autoComplete: "off" };
  return <TextInput placeholder={example} maxLength={maxLength} {...type} {...common} />;
}

function focus(field: HTMLElement | null): void {
  field?.focus();
}

/** One of the list that admins keep. */
function Part(common: Parameters<typeof NativeSelect>[0]) {
  const { data: parts = [] } = useQuery(partsQuery);
  return <NativeSelect data={["", ...parts]} {...common} />;
}
