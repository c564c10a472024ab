import { Button, PasswordInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import { MIN_PASSWORD_LENGTH } from "../sign-in/passwords";
import classes from "./account.module.css";
import { useChangePassword } from "./queries";

const EMPTY = { currentPassword: "", newPassword: "" };

/** What is typed here is kept nowhere. */
export function PasswordForm() {
  const [values, setValues] = useState(EMPTY);
  const change = useChangePassword();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    change.mutate(values, {
      onSuccess: () => {
        setValues(EMPTY);
        toast("Your password is changed; elsewhere you are signed out");
      },
    });
  }

  return (
    <form className={classes.form} aria-label="Password" onSubmit={submit}>
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        maxLength={1024}
        required
        withAsterisk={false}
        value={values.currentPassword}
        onChange={(event) => {
          setValues({ ...values, currentPassword: event.currentTarget.value });
        }}
      />
      <PasswordInput
        label="New password"
        description={`${MIN_PASSWORD_LENGTH} characters or more`}
        autoComplete="new-password"
        minLength={MIN_PASSWORD_LENGTH}
        maxLength={1024}
        required
        withAsterisk={false}
        value={values.newPassword}
        error={change.error?.about("newPassword")}
        onChange={(event) => {
          setValues({ ...values, newPassword: event.currentTarget.value });
        }}
      />
      <FormProblem problem={change.error} fields={["newPassword"]} />
      <Button type="submit" variant="default" loading={change.isPending}>
        Change password
      </Button>
    </form>
  );
}
