import { Button } from "@mantine/core";
import { lazy, Suspense, useEffect, useRef } from "react";
import type { Schemas } from "../../api/client";
import { ahead } from "../../early";
import { count } from "../../ui/format";
import classes from "./bar.module.css";
import { useMatching } from "./queries";
import { targetsOf, type JobType } from "./requests";
import { isNothing, shareOf, sizeOf } from "./selection";
import { SelectionReach } from "./selection-reach";
import { CLEARED, type Selecting } from "./use-selection";
import { useSelectionKeys } from "./use-selection-keys";
import { VERBS, withoutWords } from "./words";

const loadDialog = () => import("./dialog");
const BulkDialog = lazy(loadDialog);

type Props = {
  selecting: Selecting;
  /** The page that is shown, once it is there. */
  page: Schemas["TicketPage"] | undefined;
  /** What can be done here with what is selected. */
  types: readonly [JobType, ...JobType[]];
};

/** Rises from below while something is selected: how many, and what one can do with them. */
export function BulkBar({ selecting, page, types }: Props) {
  const ids = page?.tickets.map(({ id }) => id) ?? [];
  useSelectionKeys(selecting);
  if (!selecting.isAllowed) return null;
  if (selecting.wasCleared) return <ClearedLine onClose={selecting.clear} />;
  if (isNothing(selecting.selection)) return null;
  return <ShownBar selecting={selecting} page={page} ids={ids} types={types} />;
}

function ClearedLine({ onClose }: { onClose: () => void }) {
  return (
    <div className={classes.bar}>
      <p className={classes.size}>{CLEARED}</p>
      <Button variant="subtle" onClick={onClose}>
        OK
      </Button>
    </div>
  );
}

function ShownBar({ selecting, page, ids, types }: Props & { ids: string[] }) {
  const { selection, filter } = selecting;
  const isWhole = selection.isAll || shareOf(selection, ids) === "all";
  const matching = useMatching(types[0], filter, page?.pagination, isWhole);
  const size = sizeOf(selection, matching);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    ahead(loadDialog);
  }, []);
  return (
    <section ref={bar} tabIndex={-1} aria-label="Selection" className={classes.bar}>
      <SelectionReach
        selecting={selecting}
        ids={ids}
        matching={matching}
        onReached={() => bar.current?.focus()}
      />
      <p className={classes.size} role="status">
        <strong>{size === undefined ? "All that match" : count(size)}</strong> selected
        <span className={classes.quiet}>{selection.isAll && ` ${withoutWords(selection.marked.size)}`}</span>
      </p>
      <Actions selecting={selecting} size={size} types={types} />
    </section>
  );
}

type ActionsProps = Pick<Props, "selecting" | "types"> & { size: number | undefined };

function Actions({ selecting, size, types }: ActionsProps) {
  const { selection, filter, asked, ask, clear } = selecting;
  const opener = useRef<HTMLButtonElement>(null);
  return (
    <>
      {types.map((one) => (
        <Button
          key={one}
          variant="default"
          onClick={({ currentTarget }) => {
            opener.current = currentTarget;
            ask(one);
          }}
        >
          {VERBS[one].order}…
        </Button>
      ))}
      <Button
        variant="subtle"
        onClick={() => {
          clear();
          document.getElementById("main")?.focus();
        }}
      >
        Clear
      </Button>
      {asked && types.includes(asked) && (
        <Suspense>
          <BulkDialog
            type={asked}
            selection={selection}
            filter={filter}
            targets={targetsOf(selection, filter)}
            size={size}
            onClose={() => {
              ask(null);
              opener.current?.focus();
            }}
            onPosted={() => {
              clear();
              document.getElementById("main")?.focus();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
