import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../../frame/page";
import { Choice } from "../../ui/choice";
import { CursorPages } from "../../ui/cursor-pages";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Filters } from "../../ui/filters";
import { capitalized } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { useRowKeys } from "../../ui/row-cursor";
import { SkeletonRows } from "../../ui/skeleton";
import { STATUSES } from "../webhooks/search";
import { columnsWith } from "./columns";
import { MessageDetails } from "./message-details";
import { outboxQuery, type Message } from "./queries";
import { SendLostAgain } from "./send-again";

const route = getRouteApi("/outbox");

/** What people are told and were told; the newest first. */
export function OutboxPage() {
  const search = route.useSearch();
  const query = useQuery(outboxQuery(search));
  return (
    <Page title="Outbox" tools={<SendLostAgain />}>
      <StatusChoice />
      <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
        {({ messages, nextCursor }) =>
          messages.length === 0 ? (
            <EmptyState title={search.status ? "None of these" : "Nobody was told anything yet"}>
              {!search.status &&
                "Who is assigned a ticket, answered or asked to decide is told by e-mail. Without a provider the messages can be read here."}
            </EmptyState>
          ) : (
            <>
              <Messages messages={messages} />
              <CursorPages first="Newest" next="Older" nextCursor={nextCursor} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function StatusChoice() {
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Filters onClear={status !== undefined && (() => void navigate({ search: {} }))}>
      <Choice
        label="Status"
        none="Any status"
        options={STATUSES.map((value) => ({ value, label: capitalized(value) }))}
        value={status}
        onChoose={(chosen) => void navigate({ search: { status: chosen }, replace: true })}
      />
    </Filters>
  );
}

function Messages({ messages }: { messages: Message[] }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useRowKeys("Messages");

  function toggle(id: string) {
    setOpen((old) => new Set(old.has(id) ? [...old].filter((other) => other !== id) : [...old, id]));
  }

  return (
    <DataTable
      caption="Messages"
      columns={columnsWith((id) => open.has(id), toggle)}
      rows={messages}
      keyOf={({ id }) => id}
      details={(message) => open.has(message.id) && <MessageDetails message={message} />}
    />
  );
}
