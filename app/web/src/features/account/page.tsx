import { Page } from "../../frame/page";
import { EmptyState } from "../../ui/empty-state";

export function AccountPage() {
  return (
    <Page title="My account">
      <EmptyState title="This screen is not built yet" />
    </Page>
  );
}
