import { useMe } from "../../../api/me";
import { usePresence, type Person } from "../../../live/presence";
import { presenceWords } from "./presence-words";
import classes from "./ticket.module.css";

/** Who else is at a ticket at this moment; its line is there without anyone, so that nothing moves. */
export function Presence({ ticketId }: { ticketId: string }) {
  const me = useMe();
  const { viewers, writers } = usePresence(ticketId);
  const others = (people: readonly Person[]) =>
    people.filter(({ id }) => id !== me.id).map(({ username }) => username);
  return (
    <p role="status" aria-label="Who else is here" className={classes.presence}>
      {presenceWords(others(viewers), others(writers))}
    </p>
  );
}
