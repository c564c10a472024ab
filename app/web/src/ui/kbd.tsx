import classes from "./ui.module.css";

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);
const CAPS: Record<string, string> = {
  Ctrl: IS_MAC ? "⌘" : "Ctrl",
  Alt: IS_MAC ? "⌥" : "Alt",
  Escape: "Esc",
  ArrowDown: "↓",
  ArrowUp: "↑",
  " ": "Space",
};

/** Keys as `useKeys` names them, as they are written on a keyboard: "Ctrl K", "G T", "Shift J". */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {capsOf(keys).map((cap, index) => (
        <kbd key={index}>{cap}</kbd>
      ))}
    </span>
  );
}

function capsOf(keys: string): string[] {
  if (keys === " ") return ["Space"];
  return keys.split(" ").flatMap((key) => key.split(/(?<=.)\+/).flatMap(capsOfOne));
}

function capsOfOne(key: string): string[] {
  if (/^[A-Z]$/.test(key)) return ["Shift", key];
  return [CAPS[key] ?? (key.length === 1 ? key.toUpperCase() : key)];
}
