import { useQuery } from "@tanstack/react-query";
import { CursorPages } from "../../ui/cursor-pages";
import { DataTable, type Column } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import { ledgerQuery, type Movement } from "./queries";

type Props = { search: Parameters<typeof ledgerQuery>[0]; columns: readonly Column<Movement>[] };

/** What came in and went out, newest first. */
export function Ledger({ search, columns }: Props) {
  const query = useQuery(ledgerQuery(search));
  return (
    <Loaded query={query} skeleton={<SkeletonRows />}>
      {({ movements, nextCursor }) =>
        movements.length === 0 ? (
          <EmptyState title="Nothing like that has come in or gone out" />
        ) : (
          <>
            <DataTable caption="Ledger" columns={columns} rows={movements} keyOf={({ id }) => String(id)} />
            <CursorPages first="Newest" next="Older" nextCursor={nextCursor} />
          </>
        )
      }
    </Loaded>
  );
}
