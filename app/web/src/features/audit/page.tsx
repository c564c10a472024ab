import { Page } from "../../frame/page";
import { EmptyState } from "../../ui/empty-state";

export function AuditPage() {
  return (
    <Page title="Audit">
      <EmptyState title="This screen is not built yet" />
    </Page>
  );
}
