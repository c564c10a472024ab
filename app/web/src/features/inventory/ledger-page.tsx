import { getRouteApi, Link } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { Choice } from "../../ui/choice";
import { Filters } from "../../ui/filters";
import { capitalized } from "../../ui/format";
import { useRowKeys } from "../../ui/row-cursor";
import { ledgerColumns } from "./columns";
import classes from "./inventory.module.css";
import { Ledger } from "./ledger";
import { KINDS } from "./search";

const route = getRouteApi("/stock/ledger");
const OPTIONS = KINDS.map((value) => ({ value, label: capitalized(value) }));

export function LedgerPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  useRowKeys("Ledger");
  return (
    <Page title="Ledger">
      <Filters onClear={search.kind !== undefined && (() => void navigate({ search: {} }))}>
        <Choice
          label="What"
          none="In and out"
          options={OPTIONS}
          value={search.kind}
          onChoose={(kind) => void navigate({ search: kind === undefined ? {} : { kind } })}
        />
        <Link to="/stock" className={classes.aside}>
          Stock on hand
        </Link>
      </Filters>
      <Ledger search={search} columns={ledgerColumns} />
    </Page>
  );
}
