import { useQuery } from "@tanstack/react-query";
import { count, exactTime } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import { outcomeWords } from "../webhooks/words";
import classes from "./notifications.module.css";
import { messageQuery, type Attempt, type Message } from "./queries";
import { SendAgain } from "./send-again";
import { partsOf, resultWords } from "./words";

/** What is sent, written of what is true now, and what came of each attempt. */
export function MessageDetails({ message }: { message: Message }) {
  const query = useQuery(messageQuery(message));
  return (
    <Loaded query={query} skeleton={<SkeletonRows rows={3} />}>
      {({ status, reason, letter, tried }) => (
        <div className={classes.details}>
          {letter ? (
            <section aria-label="Message">
              <h2>{letter.subject}</h2>
              <p className={classes.quiet}>To {letter.to}</p>
              <Text>{letter.text}</Text>
            </section>
          ) : (
            <p className={classes.quiet}>There is nothing to tell any more.</p>
          )}
          <section aria-label="Attempts">
            <h2>Attempts</h2>
            {tried.length === 0 && (
              <p className={classes.quiet}>{reason ? `None: ${resultWords(message)}` : "None yet"}</p>
            )}
            <ol className={classes.attempts}>
              {tried.map((attempt) => (
                <Tried key={attempt.at} attempt={attempt} />
              ))}
            </ol>
          </section>
          {status !== "pending" && <SendAgain message={message} />}
        </div>
      )}
    </Loaded>
  );
}

function Tried({ attempt }: { attempt: Attempt }) {
  const { at, tookMs, statusCode, answer, provider } = attempt;
  const isGood = statusCode !== null && statusCode < 300;
  return (
    <li>
      <p>
        <strong className={isGood ? classes.good : classes.bad}>{outcomeWords(attempt)}</strong> {answer}{" "}
        <span className={classes.quiet}>
          {provider} · {exactTime(new Date(at))} · {count(tookMs)} ms
        </span>
      </p>
    </li>
  );
}

function Text({ children }: { children: string }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that keys can scroll it
    <pre className={classes.text} tabIndex={0}>
      {partsOf(children).map(({ text, isLink }, index) =>
        isLink ? (
          <a key={index} href={text} target="_blank" rel="noreferrer">
            {text}
          </a>
        ) : (
          text
        ),
      )}
    </pre>
  );
}
