import { useEffect, useState } from "react";
import { Problem } from "../../../client/src/problems.ts";
import { words } from "../../ui/format";
import { Mark } from "../sign-in/mark";
import signIn from "../sign-in/sign-in.module.css";
import classes from "./approval.module.css";
import { readAsked, type Asked } from "./calls";
import type { ApprovalLink } from "./link";
import { Question } from "./question";
import { Refused } from "./refused";

type Props = { link: ApprovalLink };

/** Where a link from a message leads to: what is asked for, and a decision, without a login. */
export default function ApprovalPage({ link }: Props) {
  return (
    <main className={signIn.page}>
      <title>Request · Bulkhead</title>
      <div className={classes.card}>
        <h1 className={signIn.brand}>
          <Mark /> Bulkhead
        </h1>
        <Content link={link} />
      </div>
    </main>
  );
}

function Content({ link }: Props) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    readAsked(link).then(setAsked, (error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    });
  }, [link]);
  if (problem) return <Refused problem={problem} ticketId={link.ticketId} />;
  if (!asked) return <p role="status">Loading…</p>;
  if (asked.status !== "pending_approval") return <Decided asked={asked} />;
  return <Question link={link} asked={asked} onDecided={setAsked} onRefused={setProblem} />;
}

function Decided({ asked: { ticketId, number, title, status, requester } }: { asked: Asked }) {
  return (
    <div role="status" className={classes.state}>
      <h2>You have {words(status)} this request</h2>
      <p>
        {requester.username} sees it on <a href={`/tickets/${ticketId}`}>{`#${number} ${title}`}</a>.
      </p>
    </div>
  );
}
