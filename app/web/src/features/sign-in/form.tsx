import { useState, type SubmitEvent } from "react";
import { Problem } from "../../api/problems";
import { session } from "../../api/session";
import { Refusal } from "./refusal";
import classes from "./sign-in.module.css";

/** Plain elements, so that the page of strangers is small. The browser offers to fill it in. */
export function SignInForm({ action }: { action: string }) {
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const [isPending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    setPending(true);
    setRefusal(null);
    const problem = await signIn(new FormData(form));
    setPending(false);
    setRefusal(problem);
    if (problem?.status === 401) form.querySelector<HTMLInputElement>("[type=password]")?.select();
  }

  return (
    <form
      onSubmit={(event) => void submit(event)}
      className={classes.form}
      aria-describedby="sign-in-refusal"
    >
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
      <Refusal problem={refusal} />
      <button disabled={isPending}>{isPending ? "Signing in …" : action}</button>
    </form>
  );
}

function focus(field: HTMLInputElement | null): void {
  field?.focus(); // nothing else can be done here
}

/** Return why it did not work, if it did not. */
async function signIn(form: FormData): Promise<Problem | null> {
  try {
    await session.signIn(textOf(form, "username"), textOf(form, "password"));
    return null;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
