import type { Column } from "../../ui/data-table";
import { count } from "../../ui/format";
import { Opener } from "../../ui/opening-table";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import type { Delivery } from "./queries";
import classes from "./webhooks.module.css";
import { outcomeWords } from "./words";

export const COLUMNS: readonly Column<Delivery>[] = [
  {
    id: "event",
    header: "Event",
    narrow: "title",
    cell: ({ id, type, page }) => (
      <>
        <Opener id={id}>{type}</Opener>
        {page > 0 && <span className={classes.quiet}> page {count(page)}</span>}
      </>
    ),
  },
  {
    id: "status",
    header: "Status",
    width: "124px",
    narrow: "meta",
    cell: ({ status }) => <StatusWord status={status} />,
  },
  {
    id: "outcome",
    header: "Last answer",
    width: "32%",
    narrow: "fill",
    cell: (delivery) => <span title={outcomeWords(delivery)}>{outcomeWords(delivery)}</span>,
  },
  {
    id: "attempts",
    header: "Attempts",
    width: "96px",
    align: "end",
    narrow: "hidden",
    cell: ({ attempts }) => count(attempts),
  },
  {
    id: "next",
    header: "Next",
    width: "100px",
    narrow: "hidden",
    cell: ({ nextAt }) => nextAt && <RelativeTime at={nextAt} />,
  },
  {
    id: "created",
    header: "Since",
    width: "100px",
    narrow: "aside",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
];
