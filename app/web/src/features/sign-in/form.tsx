import { useActionState } from "react";
import { Problem } from "../../api/problems";
import { session } from "../../api/session";
import classes from "./sign-in.module.css";

/** Plain elements, so that the page of strangers is small. The browser offers to fill it in. */
export function SignInForm({ action }: { action: string }) {
  const [message, submit, isPending] = useActionState(signIn, "");
  return (
    <form action={submit} className={classes.form} aria-describedby="sign-in-message">
      <label>
        User name or e-mail
        <input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          maxLength={254}
          required
          ref={focus}
        />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" maxLength={1024} required />
      </label>
      <p id="sign-in-message" role="alert" className={classes.message}>
        {message}
      </p>
      <button disabled={isPending}>{isPending ? "Signing in …" : action}</button>
    </form>
  );
}

function focus(field: HTMLInputElement | null): void {
  field?.focus(); // nothing else can be done here
}

async function signIn(_: string, form: FormData): Promise<string> {
  try {
    await session.signIn(textOf(form, "username"), textOf(form, "password"));
    return "";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return wordsOf(error);
  }
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

function wordsOf({ detail, retryAfterSeconds }: Problem): string {
  return retryAfterSeconds === null ? detail : `${detail} Try again in ${retryAfterSeconds} s.`;
}
