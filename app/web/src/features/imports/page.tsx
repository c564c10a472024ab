import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../../frame/page";
import { Figure } from "../../ui/figure";
import { count } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import { Faults } from "./faults";
import { areAlike } from "./fields";
import { FileColumns } from "./file-columns";
import classes from "./imports.module.css";
import { importQuery, type Import } from "./queries";
import { Run } from "./run";
import { Sample } from "./sample";

const route = getRouteApi("/imports/$importId");

export function ImportPage() {
  const { importId } = route.useParams();
  const query = useQuery(importQuery(importId));
  return (
    <Page title="Import">
      <Loaded query={query} skeleton={<SkeletonRows rows={10} />}>
        {(found) => <Preview key={found.id} found={found} />}
      </Loaded>
    </Page>
  );
}

/** What would become of the file, as its columns were read; if they are to be others, it has to be read again first. */
function Preview({ found }: { found: Import }) {
  const [columns, setColumns] = useState(found.columns);
  const isAsRead = areAlike(columns, found.columns);
  return (
    <div className={classes.screen}>
      <Figures found={found} />
      <FileColumns importId={found.id} columns={columns} isAsRead={isAsRead} onChange={setColumns} />
      <Run found={found} isReady={isAsRead && found.valid > 0} />
      <Faults found={found} />
      <Sample rows={found.sample} />
    </div>
  );
}

function Figures({ found: { rows, valid, faulty, duplicates } }: { found: Import }) {
  return (
    <p className={classes.figures}>
      <Figure value={count(rows)} label={rows === 1 ? "row" : "rows"} />
      <Figure value={count(valid)} label={valid === 1 ? "will be a ticket" : "will be tickets"} tone="good" />
      {faulty > 0 && <Figure value={count(faulty)} label="with a fault" tone="bad" />}
      {duplicates > 0 && <Figure value={count(duplicates)} label="there already" tone="warn" />}
    </p>
  );
}
