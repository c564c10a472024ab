import { useState } from "react";
import { session } from "../../api/session";
import { Field } from "./field";
import { MIN_PASSWORD_LENGTH } from "./passwords";
import { Refusal } from "./refusal";
import classes from "./sign-in.module.css";
import { useForm } from "./use-form";

/** For who has a link from an admin; it works once. */
export function ResetForm({ token }: { token: string }) {
  const [isDone, setDone] = useState(false);
  const { problem, isPending, onSubmit } = useForm(async (value) => {
    await session.choosePassword(token, value("password"));
    setDone(true);
  });
  if (isDone) return <p role="status">Your password is set: sign in with it.</p>;
  return (
    <form onSubmit={onSubmit} className={classes.form} aria-describedby="sign-in-refusal">
      <Field
        label={`New password, of ${MIN_PASSWORD_LENGTH} characters or more`}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={MIN_PASSWORD_LENGTH}
        maxLength={1024}
        required
        isFirst
        problem={problem}
      />
      <Refusal problem={problem} />
      <button disabled={isPending}>{isPending ? "Setting…" : "Set password"}</button>
    </form>
  );
}
