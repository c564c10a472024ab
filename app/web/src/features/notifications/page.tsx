import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { Choice } from "../../ui/choice";
import { CursorPages } from "../../ui/cursor-pages";
import { EmptyState } from "../../ui/empty-state";
import { Filters } from "../../ui/filters";
import { capitalized } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { OpeningTable } from "../../ui/opening-table";
import { SkeletonRows } from "../../ui/skeleton";
import { STATUSES } from "../webhooks/search";
import { COLUMNS } from "./columns";
import { MessageDetails } from "./message-details";
import { outboxQuery } from "./queries";
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
              <OpeningTable
                caption="Messages"
                columns={COLUMNS}
                rows={messages}
                details={(message) => <MessageDetails message={message} />}
              />
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
