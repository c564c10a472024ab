import { Button, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { useMe } from "../../api/me";
import { FormProblem } from "../../ui/form-problem";
import { toast } from "../../ui/toast";
import classes from "./account.module.css";
import { useChangeMe } from "./queries";

/** How one can be reached. */
export function ReachForm() {
  const me = useMe();
  const [values, setValues] = useState({ email: me.email, phone: me.phone ?? "" });
  const change = useChangeMe();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    change.mutate(
      { email: values.email, phone: values.phone || null },
      {
        onSuccess: ({ email, phone }) => {
          setValues({ email, phone: phone ?? "" });
          toast("Saved");
        },
      },
    );
  }

  return (
    <form className={classes.form} aria-label="E-mail and phone" onSubmit={submit}>
      <TextInput
        label="E-mail"
        type="email"
        maxLength={254}
        value={values.email}
        error={change.error?.about("email")}
        onChange={(event) => {
          setValues({ ...values, email: event.currentTarget.value });
        }}
      />
      <TextInput
        label="Phone"
        type="tel"
        placeholder="+49 30 1234567"
        maxLength={32}
        value={values.phone}
        error={change.error?.about("phone")}
        onChange={(event) => {
          setValues({ ...values, phone: event.currentTarget.value });
        }}
      />
      <FormProblem problem={change.error} fields={["email", "phone"]} />
      <Button type="submit" variant="default" loading={change.isPending}>
        Save
      </Button>
    </form>
  );
}
