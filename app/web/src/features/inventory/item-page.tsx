import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useMay } from "../../api/may";
import { Page } from "../../frame/page";
import { Figure } from "../../ui/figure";
import { count } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import { StatusWord } from "../../ui/status-word";
import { movementColumns } from "./columns";
import classes from "./inventory.module.css";
import { Ledger } from "./ledger";
import { itemQuery, type Item } from "./queries";
import { cableWords } from "./words";

const route = getRouteApi("/stock/$itemId");
const AdjustDialog = lazy(() => import("./adjust-dialog"));
const LowDialog = lazy(() => import("./low-dialog"));

export function ItemPage() {
  const { itemId } = route.useParams();
  const search = route.useSearch();
  const query = useQuery(itemQuery(itemId));
  const title = query.data ? cableWords(query.data) : "Stock";
  return (
    <Page title={title}>
      <Loaded query={query} skeleton={<SkeletonRows rows={2} />}>
        {(item) => (
          <>
            <Head item={item} />
            <Ledger search={{ ...search, itemId }} columns={movementColumns} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Head({ item }: { item: Item }) {
  const { onHand, low } = item;
  return (
    <div className={classes.head}>
      <div>
        <p className={classes.number}>
          <Figure value={count(onHand)} label="on hand" {...(low && { tone: "warn" })} />
        </p>
        <p className={classes.quiet}>
          <Level item={item} /> · <Link to="/stock">All stock</Link>
        </p>
      </div>
      {useMay("stock.change") && <Actions item={item} />}
    </div>
  );
}

function Level({ item: { low, lowAt } }: { item: Item }) {
  if (lowAt === null) return "It is never low";
  const words = `Low with ${count(lowAt)} or fewer`;
  return low ? <StatusWord status="low" word={words} /> : words;
}

function Actions({ item }: { item: Item }) {
  const [open, setOpen] = useState<"adjust" | "low">();
  const close = () => {
    setOpen(undefined);
  };
  return (
    <div className={classes.buttons}>
      <Opener
        label="Low level…"
        onOpen={() => {
          setOpen("low");
        }}
      />
      <Opener
        label="Adjust…"
        onOpen={() => {
          setOpen("adjust");
        }}
      />
      <Suspense>
        {open === "adjust" && <AdjustDialog item={item} onClose={close} />}
        {open === "low" && <LowDialog item={item} onClose={close} />}
      </Suspense>
    </div>
  );
}

function Opener({ label, onOpen }: { label: string; onOpen: () => void }) {
  return (
    <Button size="compact-md" variant="default" onClick={onOpen}>
      {label}
    </Button>
  );
}
