import { useEffect, useMemo } from "react";
import { useMay } from "../../api/may";
import { announce } from "../../ui/announcer";
import { useKept } from "../../ui/use-kept";
import type { Filter, JobType } from "./requests";
import { EVERYTHING, isNothing, rangeOf, withRows, type Selection } from "./selection";

/** What is selected on a screen, and how that is changed. */
export type Selecting = {
  /** Whether one may do anything with a selection; without that there is none to be seen. */
  isAllowed: boolean;
  filter: Filter;
  selection: Selection;
  /** What one is about to do with it: the dialog that is open. */
  asked: JobType | null;
  /** A changed filter has cleared what was selected, and nobody has taken note of that yet. */
  wasCleared: boolean;
  /** Select a row or take it out; with `reach`, all rows of the page from the last one that was touched. */
  mark: (id: string, isWanted: boolean, reach?: readonly string[]) => void;
  markPage: (ids: readonly string[], isWanted: boolean) => void;
  markEverything: () => void;
  ask: (type: JobType | null) => void;
  clear: () => void;
};

type State = {
  isAll: boolean;
  marked: readonly string[];
  anchor: string | null;
  asked: JobType | null;
  wasCleared: boolean;
};

const EMPTY: State = { isAll: false, marked: [], anchor: null, asked: null, wasCleared: false };

/** Keep a selection for as long as the filter stays: "all" must never be other tickets than those that were seen. */
export function useSelection(filter: Filter): Selecting {
  const isAllowed = useMay("jobs.post");
  const key = JSON.stringify(filter);
  const [kept, setKept] = useKept("selection", { key, ...EMPTY });
  const { isAll, marked, asked, wasCleared } = kept;
  const selection = useMemo(() => ({ isAll, marked: new Set(marked) }), [isAll, marked]);
  if (key !== kept.key) setKept({ ...EMPTY, key, wasCleared: !isNothing(selection) });
  useEffect(() => {
    if (wasCleared) announce(CLEARED);
  }, [wasCleared]);

  const select = (how: (old: Selection) => Selection, anchor: string | null = null) => {
    setKept((old) => {
      const next = how({ isAll: old.isAll, marked: new Set(old.marked) });
      return { ...EMPTY, key: old.key, isAll: next.isAll, marked: [...next.marked], anchor };
    });
  };
  return {
    isAllowed,
    filter,
    selection,
    asked,
    wasCleared,
    mark: (id, isWanted, reach) => {
      const rows = reach ? rangeOf(reach, kept.anchor, id) : [id];
      select((old) => withRows(old, rows, isWanted), id);
    },
    markPage: (ids, isWanted) => {
      select((old) => withRows(old, ids, isWanted));
    },
    markEverything: () => {
      select(() => EVERYTHING);
    },
    ask: (type) => {
      setKept((old) => ({ ...old, asked: type }));
    },
    clear: () => {
      setKept((old) => ({ ...EMPTY, key: old.key }));
    },
  };
}

export const CLEARED = "The filter has changed, so the selection was cleared.";
