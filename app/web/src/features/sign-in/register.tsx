import { session } from "../../api/session";
import { Field } from "./field";
import { MIN_PASSWORD_LENGTH } from "./passwords";
import { Refusal } from "./refusal";
import classes from "./sign-in.module.css";
import { useForm } from "./use-form";

/** For those who want to open tickets; agents and admins are added by an admin. */
export function RegisterForm() {
  const { problem, isPending, onSubmit } = useForm(async (value) => {
    const phone = value("phone");
    await session.register({
      username: value("username"),
      email: value("email"),
      password: value("password"),
      ...(phone && { phone }),
    });
  });
  return (
    <form onSubmit={onSubmit} className={classes.form} aria-describedby="sign-in-refusal">
      <Field
        label="User name"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        maxLength={64}
        required
        isFirst
        problem={problem}
      />
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="email"
        maxLength={254}
        required
        problem={problem}
      />
      <Field
        label="Phone, if you like"
        name="phone"
        type="tel"
        autoComplete="tel"
        placeholder="+49 30 1234567"
        maxLength={32}
        problem={problem}
      />
      <Field
        label={`Password, of ${MIN_PASSWORD_LENGTH} characters or more`}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={MIN_PASSWORD_LENGTH}
        maxLength={1024}
        required
        problem={problem}
      />
      <Refusal problem={problem} />
      <button disabled={isPending}>{isPending ? "Registering…" : "Register"}</button>
    </form>
  );
}
