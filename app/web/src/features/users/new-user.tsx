import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import type { Role } from "../../api/me";
import { capitalized } from "../../ui/format";
import { FormProblem } from "../../ui/form-problem";
import { Sheet } from "../../ui/sheet";
import { LinkShown } from "./link-shown";
import { useCreateUser } from "./queries";
import { ROLES } from "./roles";
import classes from "./users.module.css";

const EMPTY: Values = { username: "", email: "", phone: "", role: "agent" };

type Values = { username: string; email: string; phone: string; role: Role };

export function NewUser() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="compact-md"
        onClick={() => {
          setOpen(true);
        }}
      >
        <span aria-hidden>+&nbsp;</span>New user
      </Button>
      {isOpen && (
        <NewUserDialog
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function NewUserDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateUser();
  const created = create.data;
  return (
    <Sheet onClose={onClose} title={created ? `${created.username} is added` : "New user"}>
      {created?.passwordReset ? (
        <LinkShown link={created.passwordReset} name={created.username} />
      ) : (
        <NewUserForm create={create} onCancel={onClose} />
      )}
    </Sheet>
  );
}

type FormProps = { create: ReturnType<typeof useCreateUser>; onCancel: () => void };

function NewUserForm({ create, onCancel }: FormProps) {
  const [values, setValues] = useState(EMPTY);
  const field = (name: "username" | "email" | "phone") => ({
    value: values[name],
    error: create.error?.about(name),
    onChange: (event: { currentTarget: { value: string } }) => {
      setValues({ ...values, [name]: event.currentTarget.value });
    },
  });

  function submit(event: SubmitEvent) {
    event.preventDefault();
    create.mutate({ ...values, phone: values.phone || null, password: null });
  }

  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput label="User name" data-autofocus maxLength={64} {...field("username")} />
      <TextInput label="E-mail" type="email" maxLength={254} {...field("email")} />
      <TextInput label="Phone" type="tel" placeholder="+49 30 1234567" maxLength={32} {...field("phone")} />
      <NativeSelect
        label="Role"
        data={ROLES.map((value) => ({ value, label: capitalized(value) }))}
        value={values.role}
        onChange={(event) => {
          setValues({ ...values, role: event.currentTarget.value as Role });
        }}
      />
      <FormProblem problem={create.error} fields={["username", "email", "phone"]} />
      <div className={classes.formActions}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending}>
          Add user
        </Button>
      </div>
    </form>
  );
}
