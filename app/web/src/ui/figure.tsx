import classes from "./ui.module.css";

/** A number that answers something, with what it is a number of. */
export function Figure({
  value,
  label,
  tone,
}: {
  value: string;
  label: string;
  tone?: "good" | "warn" | "bad";
}) {
  return (
    <span className={classes.figure} data-tone={tone}>
      <strong>{value}</strong> {label}
    </span>
  );
}
