import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Choice } from "../../ui/choice";
import { CursorPages } from "../../ui/cursor-pages";
import { EmptyState } from "../../ui/empty-state";
import { capitalized } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { OpeningTable } from "../../ui/opening-table";
import { SkeletonRows } from "../../ui/skeleton";
import { DeliveryDetails } from "./delivery-details";
import { COLUMNS } from "./delivery-columns";
import { deliveriesQuery } from "./queries";
import { ReplayAll } from "./replay";
import { STATUSES } from "./search";
import classes from "./webhooks.module.css";

const route = getRouteApi("/webhooks/$webhookId");

/** What was sent to a webhook, or is to be; the newest first. */
export function Deliveries({ webhookId }: { webhookId: string }) {
  const search = route.useSearch();
  const query = useQuery(deliveriesQuery(webhookId, search));
  return (
    <section aria-labelledby="deliveries">
      <div className={classes.sectionHead}>
        <h2 id="deliveries">Deliveries</h2>
        <StatusChoice />
        <ReplayAll webhookId={webhookId} />
      </div>
      <Loaded query={query} skeleton={<SkeletonRows rows={6} />}>
        {({ deliveries, nextCursor }) =>
          deliveries.length === 0 ? (
            <EmptyState title={search.status ? "None of these" : "Nothing was sent yet"}>
              {!search.status && "A ping shows whether the receiver answers."}
            </EmptyState>
          ) : (
            <>
              <OpeningTable
                caption="Deliveries"
                columns={COLUMNS}
                rows={deliveries}
                details={(delivery) => <DeliveryDetails delivery={delivery} />}
              />
              <CursorPages first="Newest" next="Older" nextCursor={nextCursor} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function StatusChoice() {
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Choice
      label="Status"
      none="Any status"
      options={STATUSES.map((value) => ({ value, label: capitalized(value) }))}
      value={status}
      onChoose={(chosen) => void navigate({ search: { status: chosen }, replace: true, resetScroll: false })}
    />
  );
}
