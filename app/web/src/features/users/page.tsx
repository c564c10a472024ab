import { Page } from "../../frame/page";
import { EmptyState } from "../../ui/empty-state";

export function UsersPage() {
  return (
    <Page title="Users">
      <EmptyState title="This screen is not built yet" />
    </Page>
  );
}
