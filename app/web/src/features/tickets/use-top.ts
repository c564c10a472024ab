import { useEffect, useRef } from "react";
import { stringifySearch } from "../../search";
import type { TicketSearch } from "./search";

/** Return a ref for the top of a list, which comes into view when another page of it is shown. */
export function useTop(search: TicketSearch) {
  const top = useRef<HTMLDivElement>(null);
  const address = stringifySearch(search);
  useEffect(() => {
    top.current?.scrollIntoView({ block: "nearest" });
  }, [address]);
  return top;
}
