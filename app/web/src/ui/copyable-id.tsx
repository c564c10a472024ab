import { useState } from "react";
import classes from "./ui.module.css";

/** Shows an id in short, and copies it whole when pressed. */
export function CopyableId({ id, label = "id" }: { id: string; label?: string }) {
  const [isCopied, setCopied] = useState(false);

  async function copy() {
    await navigator.clipboard.writeText(id);
    setCopied(true);
    setTimeout(() => {
      setCopied(false);
    }, 1_500);
  }

  return (
    <button
      type="button"
      className={classes.copyable}
      onClick={() => void copy()}
      title={`Copy ${label} ${id}`}
    >
      <code>{id.length > 13 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id}</code>
      <span role="status">{isCopied ? " copied" : ""}</span>
      <span className="visually-hidden">, copy {label}</span>
    </button>
  );
}
