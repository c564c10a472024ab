import type { Column } from "../../ui/data-table";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import classes from "./notifications.module.css";
import type { Message } from "./queries";
import { recipientWords, resultWords, topicWords } from "./words";

/** What opens a message is in its row, so the columns know which are open. */
export function columnsWith(
  isOpen: (id: string) => boolean,
  toggle: (id: string) => void,
): Column<Message>[] {
  return [
    {
      id: "recipient",
      header: "To",
      width: "24%",
      narrow: "title",
      cell: (message) => (
        <button
          type="button"
          data-row-button
          aria-expanded={isOpen(message.id)}
          className={classes.opener}
          onClick={() => {
            toggle(message.id);
          }}
        >
          {recipientWords(message)}
        </button>
      ),
    },
    { id: "topic", header: "About", narrow: "fill", cell: ({ topic }) => topicWords(topic) },
    {
      id: "channel",
      header: "By",
      width: "80px",
      narrow: "hidden",
      cell: ({ channel }) => (channel === "sms" ? "SMS" : "E-mail"),
    },
    {
      id: "status",
      header: "Status",
      width: "124px",
      narrow: "meta",
      cell: ({ status }) => <StatusWord status={status} />,
    },
    {
      id: "result",
      header: "Result",
      width: "22%",
      narrow: "hidden",
      cell: (message) => <span title={resultWords(message)}>{resultWords(message)}</span>,
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
