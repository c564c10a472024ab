import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import { Deliveries } from "./deliveries";
import { Head } from "./head";
import { webhookQuery } from "./queries";

const route = getRouteApi("/webhooks/$webhookId");

export function WebhookPage() {
  const { webhookId } = route.useParams();
  const query = useQuery(webhookQuery(webhookId));
  return (
    <Page title="Webhook" about={query.data && (query.data.description || query.data.url)}>
      <Loaded query={query} skeleton={<SkeletonRows rows={10} />}>
        {(webhook) => (
          <>
            <Head webhook={webhook} />
            <Deliveries webhookId={webhook.id} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
