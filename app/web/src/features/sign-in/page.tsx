import { SignInForm } from "./form";
import { Mark } from "./mark";
import classes from "./sign-in.module.css";

/** `onInterest` is called when someone begins to fill the form in: time to fetch what comes behind it. */
export function SignInPage({ onInterest }: { onInterest: () => void }) {
  return (
    <main className={classes.page} onInput={onInterest}>
      <title>Sign in · Bulkhead</title>
      <div className={classes.card}>
        <h1 className={classes.brand}>
          <Mark /> Bulkhead
        </h1>
        <SignInForm action="Sign in" />
      </div>
    </main>
  );
}
