import { useQuery } from "@tanstack/react-query";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { useRowKeys } from "../../ui/row-cursor";
import { SkeletonRows } from "../../ui/skeleton";
import { columns } from "./columns";
import { NewWebhook } from "./new-webhook";
import { webhooksQuery } from "./queries";

export function WebhooksPage() {
  const query = useQuery(webhooksQuery);
  useRowKeys("Webhooks");
  return (
    <Page title="Webhooks" tools={<NewWebhook />}>
      <Loaded query={query} skeleton={<SkeletonRows rows={4} />}>
        {({ webhooks }) =>
          webhooks.length === 0 ? (
            <EmptyState title="No webhooks yet">
              A webhook tells another system what happens here: a signed POST for each event.
            </EmptyState>
          ) : (
            <DataTable caption="Webhooks" columns={columns} rows={webhooks} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
    </Page>
  );
}
