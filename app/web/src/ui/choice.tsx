import { NativeSelect } from "@mantine/core";
import classes from "./ui.module.css";

type Props<T extends string> = {
  label: string;
  /** What it says when nothing is chosen: "Anyone". */
  none: string;
  options: readonly { value: T; label: string }[];
  value: T | undefined;
  onChoose: (value: T | undefined) => void;
};

/** A filter of one value, or none: the browser's own list, which works with every hand and reader. */
export function Choice<T extends string>({ label, none, options, value, onChoose }: Props<T>) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      className={classes.choice}
      data-given={value !== undefined || undefined}
      value={value ?? ""}
      onChange={(event) => {
        onChoose(options.find((option) => option.value === event.currentTarget.value)?.value);
      }}
    >
      <option value="">{none}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </NativeSelect>
  );
}
