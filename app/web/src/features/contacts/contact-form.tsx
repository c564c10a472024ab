import { Button, Textarea, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { SubmitEvent } from "react";
import type { Problem } from "../../../client/src/problems.ts";
import { FormProblem } from "../../ui/form-problem";
import classes from "./contacts.module.css";
import { FIELDS, type Values } from "./values";

type Props = {
  values: Values;
  onChange: (patch: Partial<Values>) => void;
  problem: Problem | null;
  isPending: boolean;
  action: string;
  onSubmit: () => void;
  onCancel: () => void;
};

export function ContactForm({ values, onChange, problem, isPending, action, onSubmit, ...props }: Props) {
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!isPending) onSubmit();
  }

  return (
    <form className={classes.form} onSubmit={submit}>
      <Fields values={values} onChange={onChange} problem={problem} />
      <FormProblem problem={problem} fields={FIELDS} />
      <Other problem={problem} />
      <div className={classes.actions}>
        <Button variant="default" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending}>
          {action}
        </Button>
      </div>
    </form>
  );
}

type FieldsProps = Pick<Props, "values" | "onChange" | "problem">;

function Fields({ values, onChange, problem }: FieldsProps) {
  const field = (name: keyof Values) => ({
    value: values[name],
    error: problem?.about(name),
    onChange: (event: { currentTarget: { value: string } }) => {
      onChange({ [name]: event.currentTarget.value });
    },
  });
  return (
    <>
      <TextInput label="Name" data-autofocus maxLength={200} {...field("name")} />
      <TextInput label="E-mail" type="email" maxLength={254} {...field("email")} />
      <TextInput label="Phone" type="tel" placeholder="+49 30 1234567" maxLength={32} {...field("phone")} />
      <TextInput label="Organization" maxLength={200} {...field("organization")} />
      <Textarea label="Notes" rows={4} maxLength={20_000} {...field("notes")} />
    </>
  );
}

/** The way to the contact that has the e-mail already. */
function Other({ problem }: { problem: Problem | null }) {
  const id = problem?.body.contactId;
  if (typeof id !== "string") return null;
  return (
    <Link to="/contacts/$contactId" params={{ contactId: id }} search={true}>
      Open the other contact
    </Link>
  );
}
