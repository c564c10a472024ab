import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ticketQuery } from "../queries";
import classes from "./ticket.module.css";

/** Leads from a duplicate to the ticket that it was merged into, if that one may be seen. */
export function MergedInto({ ticketId }: { ticketId: string }) {
  const { data: survivor } = useQuery(ticketQuery(ticketId));
  return (
    <p className={classes.merged}>
      Closed as a duplicate of{" "}
      {survivor ? (
        <Link to="/tickets/$ticketId" params={{ ticketId }} search={true}>
          #{survivor.number} {survivor.title}
        </Link>
      ) : (
        "another ticket"
      )}
    </p>
  );
}
