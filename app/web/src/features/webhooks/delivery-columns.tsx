import type { Column } from "../../ui/data-table";
import { count } from "../../ui/format";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import type { Delivery } from "./queries";
import classes from "./webhooks.module.css";
import { outcomeWords } from "./words";

/** What opens the attempts of a delivery is in its row, so the columns know which are open. */
export function columnsWith(
  isOpen: (id: string) => boolean,
  toggle: (id: string) => void,
): Column<Delivery>[] {
  return [
    {
      id: "event",
      header: "Event",
      narrow: "title",
      cell: (delivery) => (
        <Event
          delivery={delivery}
          isOpen={isOpen(delivery.id)}
          onToggle={() => {
            toggle(delivery.id);
          }}
        />
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
}

type EventProps = { delivery: Delivery; isOpen: boolean; onToggle: () => void };

function Event({ delivery: { type, page }, isOpen, onToggle }: EventProps) {
  return (
    <>
      <button
        type="button"
        data-row-button
        aria-expanded={isOpen}
        className={classes.opener}
        onClick={onToggle}
      >
        {type}
      </button>
      {page > 0 && <span className={classes.quiet}> page {count(page)}</span>}
    </>
  );
}
