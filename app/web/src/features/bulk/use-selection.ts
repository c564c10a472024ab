import { useEffect, useState } from "react";
import { useMay } from "../../api/may";
import { announce } from "../../ui/announcer";
import type { Filter } from "./requests";
import { EVERYTHING, isNothing, NOTHING, rangeOf, withRows, type Selection } from "./selection";

/** What is selected on a screen, and how that is changed. */
export type Selecting = {
  /** Whether one may do anything with a selection; without that there is none to be seen. */
  isAllowed: boolean;
  filter: Filter;
  selection: Selection;
  /** A changed filter has cleared what was selected, and nobody has taken note of that yet. */
  wasCleared: boolean;
  /** Select a row or take it out; with `reach`, all rows of the page from the last one that was touched. */
  mark: (id: string, isWanted: boolean, reach?: readonly string[]) => void;
  markPage: (ids: readonly string[], isWanted: boolean) => void;
  markEverything: () => void;
  clear: () => void;
};

type State = { selection: Selection; anchor: string | null; wasCleared: boolean };

const EMPTY: State = { selection: NOTHING, anchor: null, wasCleared: false };

/** Keep a selection for as long as the filter stays: "all" must never be other tickets than those that were seen. */
export function useSelection(filter: Filter): Selecting {
  const isAllowed = useMay("jobs.post");
  const [state, setState] = useState(EMPTY);
  const key = JSON.stringify(filter);
  const [seenKey, setSeenKey] = useState(key);
  if (key !== seenKey) {
    setSeenKey(key);
    setState({ ...EMPTY, wasCleared: !isNothing(state.selection) });
  }
  useEffect(() => {
    if (state.wasCleared) announce(CLEARED);
  }, [state.wasCleared]);

  const change = (how: (old: State) => Partial<State>) => {
    setState((old) => ({ ...old, wasCleared: false, ...how(old) }));
  };
  return {
    isAllowed,
    filter,
    ...state,
    mark: (id, isWanted, reach) => {
      change(({ selection, anchor }) => {
        const rows = reach ? rangeOf(reach, anchor, id) : [id];
        return { selection: withRows(selection, rows, isWanted), anchor: id };
      });
    },
    markPage: (ids, isWanted) => {
      change(({ selection }) => ({ selection: withRows(selection, ids, isWanted), anchor: null }));
    },
    markEverything: () => {
      change(() => ({ selection: EVERYTHING }));
    },
    clear: () => {
      setState(EMPTY);
    },
  };
}

export const CLEARED = "The filter has changed, so the selection was cleared.";
