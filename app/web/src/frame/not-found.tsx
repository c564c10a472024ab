import { Link } from "@tanstack/react-router";
import { EmptyState } from "../ui/empty-state";
import { Page } from "./page";

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <EmptyState title="There is no such page, or you may not see it">
        <Link to="/tickets">Go to the tickets</Link>
      </EmptyState>
    </Page>
  );
}
