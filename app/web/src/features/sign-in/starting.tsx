import { session } from "../../api/session";
import { useStore } from "../../store";
import classes from "./sign-in.module.css";

/** An empty page, unless it takes long enough that someone will wonder. */
export function StartingPage() {
  const trouble = useStore(session.trouble);
  return (
    <main className={classes.page} aria-busy="true">
      <h1 className="visually-hidden">Bulkhead</h1>
      <p role="status" className={classes.quiet}>
        {trouble && `${trouble.detail} Trying again…`}
      </p>
    </main>
  );
}
