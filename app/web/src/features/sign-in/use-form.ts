import { useState, type SubmitEvent } from "react";
import { Problem } from "../../../client/src/problems.ts";

/** A form of plain elements that is sent once at a time; `send` gets what was typed, by the fields' names. */
export function useForm(send: (value: (name: string) => string) => Promise<void>) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isPending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    setPending(true);
    setProblem(null);
    const refusal = await problemOf(send(reader(form)));
    setPending(false);
    setProblem(refusal);
    if (refusal?.status === 401) form.querySelector<HTMLInputElement>("[type=password]")?.select();
  }

  return { problem, isPending, onSubmit: (event: SubmitEvent<HTMLFormElement>) => void submit(event) };
}

function reader(form: HTMLFormElement): (name: string) => string {
  const data = new FormData(form);
  return (name) => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
}

/** Return why it did not work, if it did not. */
async function problemOf(sent: Promise<void>): Promise<Problem | null> {
  try {
    await sent;
    return null;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
