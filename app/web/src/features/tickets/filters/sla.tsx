import { lazy, Suspense } from "react";
import { capitalized } from "../../../ui/format";
import { LATENESS } from "../filter-words";
import { Facet, type Layout } from "./facet";
import { useFilter } from "./use-filter";

const Lateness = lazy(() => import("./lateness"));

export function SlaFacet({ layout }: { layout: Layout }) {
  const { sla } = useFilter().search;
  return (
    <Facet
      name="Due"
      words={sla === undefined ? "Due" : capitalized(LATENESS[sla])}
      isSet={sla !== undefined}
      layout={layout}
    >
      <Suspense>
        <Lateness />
      </Suspense>
    </Facet>
  );
}
