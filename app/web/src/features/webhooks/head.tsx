import { Link } from "@tanstack/react-router";
import { exactTime, timeAgo } from "../../ui/format";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import { UserName } from "../users/user-name";
import { Actions } from "./actions";
import type { Webhook } from "./queries";
import classes from "./webhooks.module.css";
import { eventWords, stateOf, troubleWords } from "./words";

/** Where a webhook leads, how it is, and what can be done with it. */
export function Head({ webhook }: { webhook: Webhook }) {
  const { url, description, events, oldSecretUntil, createdBy, createdAt } = webhook;
  const trouble = troubleWords(webhook);
  return (
    <div className={classes.head}>
      <div className={classes.about}>
        <p>
          <Link to="/webhooks">Webhooks</Link>
        </p>
        <h2>{description || url}</h2>
        {description && <p className={classes.url}>{url}</p>}
        <p>
          <StatusWord status={stateOf(webhook)} />
          {trouble && ` · ${trouble}`}
        </p>
        <p className={classes.quiet} title={events.join(", ")}>
          {eventWords(events)} · by <UserName id={createdBy} />,{" "}
          <RelativeTime at={createdAt} words={timeAgo} />
          {oldSecretUntil && ` · the old secret signs until ${exactTime(new Date(oldSecretUntil))}`}
        </p>
      </div>
      <Actions webhook={webhook} />
    </div>
  );
}
