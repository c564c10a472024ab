import type { Column } from "../../ui/data-table";
import { Opener } from "../../ui/opening-table";
import { RelativeTime } from "../../ui/relative-time";
import { StatusWord } from "../../ui/status-word";
import type { Message } from "./queries";
import { recipientWords, resultWords, topicWords } from "./words";

export const COLUMNS: readonly Column<Message>[] = [
  {
    id: "recipient",
    header: "To",
    width: "24%",
    narrow: "title",
    cell: (message) => <Opener id={message.id}>{recipientWords(message)}</Opener>,
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
