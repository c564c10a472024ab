import { Mark } from "./mark";
import classes from "./sign-in.module.css";

/** What is shown when the rest of the console cannot be fetched, such as after a new version was put in place. */
export function MissingPage() {
  return (
    <main className={classes.page}>
      <title>Bulkhead</title>
      <div className={classes.card}>
        <h1 className={classes.brand}>
          <Mark /> Bulkhead
        </h1>
        <form className={classes.form}>
          <p role="alert">The console could not be fetched. It may be there when the page is loaded anew.</p>
          <button
            type="button"
            onClick={() => {
              location.reload();
            }}
          >
            Load again
          </button>
        </form>
      </div>
    </main>
  );
}
