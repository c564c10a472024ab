import { Link } from "@tanstack/react-router";
import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import type { Webhook } from "./queries";
import classes from "./webhooks.module.css";
import { eventWords, stateOf, stateWords } from "./words";

export const columns: readonly Column<Webhook>[] = [
  { id: "url", header: "Receiver", narrow: "title", cell: (webhook) => <Receiver webhook={webhook} /> },
  {
    id: "events",
    header: "Told of",
    width: "28%",
    narrow: "fill",
    cell: ({ events }) => <span title={events.join(", ")}>{eventWords(events)}</span>,
  },
  {
    id: "state",
    header: "State",
    width: "128px",
    narrow: "meta",
    cell: (webhook) => <StatusWord status={stateOf(webhook)} word={stateWords(webhook)} />,
  },
  {
    id: "created",
    header: "Created",
    width: "100px",
    narrow: "aside",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
];

function Receiver({ webhook: { id, url, description } }: { webhook: Webhook }) {
  return (
    <>
      <Link to="/webhooks/$webhookId" params={{ webhookId: id }} title={url} data-row-link>
        {description || url}
      </Link>
      {description && <span className={classes.quiet}> {url}</span>}
    </>
  );
}
