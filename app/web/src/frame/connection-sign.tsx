import { connection } from "../live/connection";
import { useStore } from "../store";
import { clockTime } from "../ui/format";
import classes from "./frame.module.css";

export function ConnectionSign() {
  const { isLive, lastSeen } = useStore(connection);
  return (
    <span role="status" className={classes.connection} data-live={isLive || undefined}>
      {isLive ? "live" : "reconnecting"}
      {lastSeen && <span className={classes.lastSeen}>, last seen {clockTime(lastSeen)}</span>}
    </span>
  );
}
