import { useEffect, useRef } from "react";
import { SignInForm } from "./form";
import classes from "./sign-in.module.css";

/** Lies over the page, which keeps all it has: what was being typed, and calls that wait for a new token. */
export function SignInAgain() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className={classes.dialog}
      aria-labelledby="sign-in-again"
      onClose={() => {
        dialog.current?.showModal(); // Escape has closed it, but there is nothing to go back to
      }}
    >
      <h2 id="sign-in-again">Sign in again</h2>
      <p className={classes.quiet}>Your session has ended. Everything on the page is kept.</p>
      <SignInForm action="Sign in and go on" />
    </dialog>
  );
}
