import type { Problem } from "../../../client/src/problems.ts";
import classes from "./approval.module.css";
import signIn from "../sign-in/sign-in.module.css";

const TITLES: Record<string, string> = {
  not_found: "This link leads nowhere",
  already_decided: "There is nothing left to decide",
  link_expired: "This link has expired",
};

type Props = { problem: Problem; ticketId: string };

/** Why a link is of no use, and what is. */
export function Refused({ problem, ticketId }: Props) {
  const title = TITLES[problem.code];
  return (
    <div role="alert" className={classes.state}>
      <h2>{title ?? "That did not work"}</h2>
      <p>{problem.detail}</p>
      {title === undefined ? <Again /> : problem.status === 410 && <Ticket ticketId={ticketId} />}
    </div>
  );
}

function Ticket({ ticketId }: { ticketId: string }) {
  return (
    <p>
      <a href={`/tickets/${ticketId}`}>See the request in Bulkhead</a>
    </p>
  );
}

function Again() {
  return (
    <form className={signIn.form}>
      <button
        type="button"
        onClick={() => {
          location.reload();
        }}
      >
        Try again
      </button>
    </form>
  );
}
