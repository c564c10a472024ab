import { Button } from "@mantine/core";
import { count } from "../../ui/format";
import classes from "./bar.module.css";
import { shareOf } from "./selection";
import type { Selecting } from "./use-selection";

type Props = {
  selecting: Selecting;
  ids: readonly string[];
  matching: number | undefined;
  /** The button that was pressed is about to go. */
  onReached: () => void;
};

/** Says how far the selection reaches, and offers to let it reach further: to the whole page, to all that match. */
export function SelectionReach({ selecting, ids, matching, onReached }: Props) {
  const { selection, markPage, markEverything } = selecting;
  if (selection.isAll) return null;
  if (shareOf(selection, ids) !== "all")
    return (
      <p className={classes.reach} data-narrow-only>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            markPage(ids, true);
            onReached();
          }}
        >
          Select all {count(ids.length)} on this page
        </Button>
      </p>
    );
  if (matching !== undefined && matching <= selection.marked.size) return null;
  return (
    <p className={classes.reach}>
      All {count(ids.length)} on this page are selected.
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          markEverything();
          onReached();
        }}
      >
        Select all {matching === undefined ? "" : `${count(matching)} `}that match
      </Button>
    </p>
  );
}
