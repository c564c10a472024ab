import { useQuery } from "@tanstack/react-query";
import { CopyableId } from "../../ui/copyable-id";
import { count, exactTime } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import { deliveryQuery, type Attempt, type Delivery } from "./queries";
import { Replay } from "./replay";
import classes from "./webhooks.module.css";
import { outcomeWords } from "./words";

/** What is sent, and what came of each attempt. */
export function DeliveryDetails({ delivery }: { delivery: Delivery }) {
  const query = useQuery(deliveryQuery(delivery));
  return (
    <Loaded query={query} skeleton={<SkeletonRows rows={3} />}>
      {({ id, status, body, tried }) => (
        <div className={classes.details}>
          <p className={classes.steps}>
            <CopyableId id={id} label="webhook-id" />
            {status !== "pending" && <Replay delivery={delivery} />}
          </p>
          <section aria-label="Request">
            <h3>Request</h3>
            <Text>{JSON.stringify(body, null, 2)}</Text>
          </section>
          <section aria-label="Attempts">
            <h3>Attempts</h3>
            {tried.length === 0 && <p className={classes.quiet}>None yet</p>}
            <ol className={classes.attempts}>
              {tried.map((attempt) => (
                <Tried key={attempt.at} attempt={attempt} />
              ))}
            </ol>
          </section>
        </div>
      )}
    </Loaded>
  );
}

function Tried({ attempt }: { attempt: Attempt }) {
  const { at, tookMs, statusCode, answer } = attempt;
  const isGood = statusCode !== null && statusCode < 300;
  return (
    <li>
      <p>
        <strong className={isGood ? classes.good : classes.bad}>{outcomeWords(attempt)}</strong>{" "}
        <span className={classes.quiet}>
          {exactTime(new Date(at))} · {count(tookMs)} ms
        </span>
      </p>
      {answer && <Text>{answer}</Text>}
    </li>
  );
}

function Text({ children }: { children: string }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that keys can scroll it
    <pre className={classes.text} tabIndex={0}>
      {children}
    </pre>
  );
}
