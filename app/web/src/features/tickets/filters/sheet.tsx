import { Button, Modal, NativeSelect } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { filterOf, isFiltered, sortOf, usualSort, type Sort } from "../search";
import classes from "./filters.module.css";
import { useFilter } from "./use-filter";

/** The filters of a narrow window: over the whole of it, and taken at once. */
export function FilterSheet({ children }: { children: ReactNode }) {
  const { search, replace } = useFilter();
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
  };
  const set = Object.keys(filterOf(search)).length;
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        onClick={() => {
          setOpen(true);
        }}
      >
        Filters{set > 0 && ` (${set})`}
      </Button>
      <Modal opened={isOpen} onClose={close} title="Filters" fullScreen transitionProps={{ duration: 120 }}>
        {children}
        <SortSelect />
        <div className={classes.done}>
          {isFiltered(search) && (
            <Button
              variant="default"
              onClick={() => {
                replace({ sort: search.sort });
              }}
            >
              Clear
            </Button>
          )}
          <Button onClick={close}>Show tickets</Button>
        </div>
      </Modal>
    </>
  );
}

const ORDERS: Record<Sort, string> = {
  relevance: "Best match first",
  "-created": "Newest first",
  created: "Oldest first",
  "-updated": "Last updated first",
  updated: "Longest untouched first",
};

/** In a narrow window there are no headers to press. */
function SortSelect() {
  const { search, change } = useFilter();
  const orders = Object.entries(ORDERS).filter(
    ([value]) => value !== "relevance" || search.text !== undefined,
  );
  return (
    <NativeSelect
      label="Order"
      data={orders.map(([value, label]) => ({ value, label }))}
      value={search.sort ?? usualSort(search.text)}
      onChange={(event) => {
        change({ sort: sortOf(event.currentTarget.value, search.text) });
      }}
    />
  );
}
