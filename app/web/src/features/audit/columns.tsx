import { Link } from "@tanstack/react-router";
import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import { UserName } from "../users/user-name";
import classes from "./audit.module.css";
import type { Entry } from "./queries";
import { sentenceOf, type Part } from "./sentences";

/** What opens the details of an entry is in its row, so the columns know which are open. */
export function columnsWith(isOpen: (id: number) => boolean, toggle: (id: number) => void): Column<Entry>[] {
  return [
    {
      id: "what",
      header: "What",
      narrow: "title",
      cell: (entry) => (
        <Sentence
          entry={entry}
          isOpen={isOpen(entry.id)}
          onToggle={() => {
            toggle(entry.id);
          }}
        />
      ),
    },
    {
      id: "why",
      header: "Why",
      width: "26%",
      narrow: "meta",
      cell: ({ reason }) => <span title={reason ?? undefined}>{reason}</span>,
    },
    { id: "from", header: "From", width: "136px", narrow: "hidden", cell: ({ address }) => address },
    {
      id: "when",
      header: "When",
      width: "96px",
      narrow: "aside",
      cell: ({ at }) => <RelativeTime at={at} />,
    },
  ];
}

type SentenceProps = { entry: Entry; isOpen: boolean; onToggle: () => void };

function Sentence({ entry, isOpen, onToggle }: SentenceProps) {
  return (
    <span className={classes.what}>
      <button
        type="button"
        data-row-button
        aria-expanded={isOpen}
        aria-label="Details"
        className={classes.opener}
        onClick={onToggle}
      />
      <span className={classes.sentence} data-bad={isAlarming(entry) || undefined}>
        {sentenceOf(entry).map((part, index) => (
          <span key={index}>
            {index > 0 && " "}
            <Words part={part} />
          </span>
        ))}
      </span>
    </span>
  );
}

function Words({ part }: { part: Part }) {
  if (typeof part === "string") return part;
  if ("job" in part) {
    return (
      <Link to="/jobs/$jobId" params={{ jobId: part.job }}>
        {part.label}
      </Link>
    );
  }
  if ("ticket" in part) {
    return (
      <Link to="/tickets/$ticketId" params={{ ticketId: part.ticket }}>
        {part.label}
      </Link>
    );
  }
  if ("contact" in part) {
    return (
      <Link to="/contacts/$contactId" params={{ contactId: part.contact }}>
        {part.label}
      </Link>
    );
  }
  return (
    <strong>
      <UserName id={part.user} />
    </strong>
  );
}

function isAlarming({ action }: Entry): boolean {
  return action === "session.replayed";
}
