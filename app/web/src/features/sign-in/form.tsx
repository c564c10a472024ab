import { session } from "../../api/session";
import { Field } from "./field";
import { Refusal } from "./refusal";
import classes from "./sign-in.module.css";
import { useForm } from "./use-form";

/** Plain elements, so that the page of strangers is small. The browser offers to fill it in. */
export function SignInForm({ action }: { action: string }) {
  const { problem, isPending, onSubmit } = useForm((value) =>
    session.signIn(value("username"), value("password")),
  );
  return (
    <form onSubmit={onSubmit} className={classes.form} aria-describedby="sign-in-refusal">
      <Field
        label="User name or e-mail"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        maxLength={254}
        required
        isFirst
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        maxLength={1024}
        required
      />
      <Refusal problem={problem} />
      <button disabled={isPending}>{isPending ? "Signing in…" : action}</button>
    </form>
  );
}
