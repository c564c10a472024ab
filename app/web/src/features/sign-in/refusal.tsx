import { useEffect, useState } from "react";
import type { Problem } from "../../../client/src/problems.ts";
import classes from "./sign-in.module.css";

/** Why nobody was let in, and when to try again; the words are read out once, the seconds are not. */
export function Refusal({ problem }: { problem: Problem | null }) {
  const seconds = problem?.retryAfterSeconds ?? null;
  return (
    <div className={classes.refusal}>
      <p id="sign-in-refusal" role="alert">
        {problem?.detail}
      </p>
      {problem && seconds !== null && <Countdown key={problem.requestId} seconds={seconds} />}
    </div>
  );
}

function Countdown({ seconds }: { seconds: number }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const end = performance.now() + seconds * 1000;
    const timer = setInterval(() => {
      setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000)));
    }, 250);
    return () => {
      clearInterval(timer);
    };
  }, [seconds]);
  return <p>{left > 0 ? `Try again in ${left} s.` : "You can try again now."}</p>;
}
