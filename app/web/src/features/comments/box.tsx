import { Textarea } from "@mantine/core";
import { useRef, type KeyboardEvent } from "react";
import { useKeys } from "../../ui/use-keys";

const KEYS = { answer: ["r", "Answer"], note: ["n", "Internal note"] } as const;

type Kind = keyof typeof KEYS;

type Props = {
  label: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
  kinds: readonly Kind[];
  /** A key was pressed that begins an answer, or a note. */
  onBegin: (kind: Kind) => void;
  onSend: () => void;
};

/** Where a comment is written: a key leads into it, Escape out of it, Ctrl+Enter sends what it has. */
export function Box({ label, value, error, onChange, kinds, onBegin, onSend }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  useKeys(
    Object.fromEntries(
      kinds.map((kind) => {
        const [key, does] = KEYS[kind];
        const run = () => {
          onBegin(kind);
          box.current?.focus();
        };
        return [key, { does, run }];
      }),
    ),
    "Ticket",
  );
  return (
    <Textarea
      ref={box}
      label={label}
      description="Markdown; Ctrl+Enter sends it"
      autosize
      minRows={3}
      maxRows={16}
      maxLength={20_000}
      value={value}
      error={error}
      onKeyDown={(event: KeyboardEvent<HTMLTextAreaElement>) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSend();
        if (event.key === "Escape") event.currentTarget.blur();
      }}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
