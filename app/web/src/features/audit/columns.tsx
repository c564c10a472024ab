import { Link } from "@tanstack/react-router";
import type { Column } from "../../ui/data-table";
import { Opener } from "../../ui/opening-table";
import { RelativeTime } from "../../ui/relative-time";
import { UserName } from "../users/user-name";
import classes from "./audit.module.css";
import type { Entry } from "./queries";
import { sentenceOf, type Part } from "./sentences";

export const COLUMNS: readonly Column<Entry>[] = [
  {
    id: "what",
    header: "What",
    narrow: "title",
    cell: (entry) => <Sentence entry={entry} />,
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

function Sentence({ entry }: { entry: Entry }) {
  return (
    <span className={classes.what}>
      <Opener id={entry.id} label="Details" className={classes.opener} />
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
