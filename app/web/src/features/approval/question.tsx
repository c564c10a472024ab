import { useState } from "react";
import { Problem } from "../../../client/src/problems.ts";
import { timeAgo } from "../../ui/format";
import { RelativeTime } from "../../ui/relative-time";
import { Refusal } from "../sign-in/refusal";
import signIn from "../sign-in/sign-in.module.css";
import { useForm } from "../sign-in/use-form";
import { fieldsInWords } from "../tickets/field-words";
import classes from "./approval.module.css";
import { decide, type Asked } from "./calls";
import type { ApprovalLink } from "./link";

type Props = {
  link: ApprovalLink;
  asked: Asked;
  onDecided: (asked: Asked) => void;
  /** The link has become of no use meanwhile. */
  onRefused: (problem: Problem) => void;
};

/** What someone asks for, and the choice. */
export function Question(props: Props) {
  const { number, title, description, fields, requester, createdAt } = props.asked;
  return (
    <>
      <section aria-label="Request" className={classes.asked}>
        <h2>{title}</h2>
        <p className={signIn.quiet}>
          #{number} · {requester.username} asked <RelativeTime at={createdAt} words={timeAgo} />
        </p>
        <dl>
          {fieldsInWords(fields).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {description && <p className={classes.description}>{description}</p>}
      </section>
      <Choice {...props} />
    </>
  );
}

/** The link says what is offered at first; the other one is a click away. */
function Choice({ link, onDecided, onRefused }: Props) {
  const [verb, setVerb] = useState(link.verb);
  const isApproval = verb === "approve";
  const { problem, isPending, onSubmit } = useForm(async (value) => {
    try {
      onDecided(await decide(link, verb, value("reason")));
    } catch (error) {
      if (!(error instanceof Problem && error.status === 410)) throw error;
      onRefused(error);
    }
  });
  return (
    <form className={signIn.form} onSubmit={onSubmit} aria-describedby="sign-in-refusal">
      {!isApproval && <Reason problem={problem} />}
      <Refusal problem={problem} />
      <button disabled={isPending}>{isApproval ? "Approve" : "Reject"}</button>
      <button
        type="button"
        className={classes.other}
        disabled={isPending}
        onClick={() => {
          setVerb(isApproval ? "reject" : "approve");
        }}
      >
        {isApproval ? "Reject instead" : "Approve instead"}
      </button>
    </form>
  );
}

function Reason({ problem }: { problem: Problem | null }) {
  const error = problem?.about("reason");
  return (
    <label>
      Why? Whoever asked reads it
      <textarea name="reason" rows={3} maxLength={500} required ref={focus} />
      {error !== undefined && <span role="alert">{error}</span>}
    </label>
  );
}

function focus(field: HTMLTextAreaElement | null): void {
  field?.focus();
}
