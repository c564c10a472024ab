import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/may";
import { Page } from "../../frame/page";
import { Choice } from "../../ui/choice";
import { CursorPages } from "../../ui/cursor-pages";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Filters } from "../../ui/filters";
import { Loaded } from "../../ui/loaded";
import { useRowKeys } from "../../ui/row-cursor";
import { SkeletonRows } from "../../ui/skeleton";
import { useKeys } from "../../ui/use-keys";
import { stockColumns } from "./columns";
import classes from "./inventory.module.css";
import { PartsDialog } from "./parts-dialog";
import { stockQuery } from "./queries";

const route = getRouteApi("/stock");
const LEVELS = [
  { value: "true", label: "Low" },
  { value: "false", label: "Not low" },
] as const;

export function StockPage() {
  const search = route.useSearch();
  const query = useQuery(stockQuery(search));
  const mayChange = useMay("stock.change");
  useRowKeys("Stock");
  return (
    <Page title="Stock" tools={mayChange && <Tools />}>
      <Level />
      <Loaded query={query} skeleton={<SkeletonRows />}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <Nothing isNarrowed={search.low !== undefined} />
          ) : (
            <>
              <DataTable caption="Stock" columns={stockColumns} rows={items} keyOf={({ id }) => id} />
              <CursorPages first="First" next="Next" nextCursor={nextCursor} />
            </>
          )
        }
      </Loaded>
      <Outlet />
    </Page>
  );
}

function Tools() {
  const [isListing, setIsListing] = useState(false);
  return (
    <>
      <Button
        size="compact-md"
        variant="default"
        onClick={() => {
          setIsListing(true);
        }}
      >
        Optics
      </Button>
      <Receive />
      {isListing && (
        <PartsDialog
          onClose={() => {
            setIsListing(false);
          }}
        />
      )}
    </>
  );
}

function Receive() {
  const navigate = route.useNavigate();
  const open = () => void navigate({ to: "/stock/receive", search: true });
  useKeys({ c: { does: "Receive cables", run: open } }, "Stock");
  return (
    <Button size="compact-md" onClick={open} aria-label="Receive cables" title="Receive cables (c)">
      <span aria-hidden>+&nbsp;</span>Receive<span className={classes.noun}>&nbsp;cables</span>
    </Button>
  );
}

function Level() {
  const { low } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Filters onClear={low !== undefined && (() => void navigate({ search: {} }))}>
      <Choice
        label="Level"
        none="Any level"
        options={LEVELS}
        value={LEVELS.find(({ value }) => value === String(low))?.value}
        onChoose={(level) => void navigate({ search: level === undefined ? {} : { low: level === "true" } })}
      />
      <Link to="/stock/ledger" className={classes.aside}>
        Ledger
      </Link>
    </Filters>
  );
}

function Nothing({ isNarrowed }: { isNarrowed: boolean }) {
  return isNarrowed ? (
    <EmptyState title="No cable is at this level">Choose another level.</EmptyState>
  ) : (
    <EmptyState title="Nothing is in stock yet">What is received is listed here.</EmptyState>
  );
}
