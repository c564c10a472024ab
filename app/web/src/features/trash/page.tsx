import { Page } from "../../frame/page";
import { EmptyState } from "../../ui/empty-state";

export function TrashPage() {
  return (
    <Page title="Trash">
      <EmptyState title="This screen is not built yet" />
    </Page>
  );
}
