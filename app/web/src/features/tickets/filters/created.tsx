import { lazy, Suspense, useEffect } from "react";
import { ahead } from "../../../early";
import { createdWords } from "../created";
import { Facet, type Layout } from "./facet";
import { useFilter } from "./use-filter";

const loadRanges = () => import("./ranges");
const Ranges = lazy(loadRanges);

export function CreatedFacet({ layout }: { layout: Layout }) {
  const { search } = useFilter();
  const words = createdWords(search, new Date());
  useEffect(() => {
    ahead(loadRanges);
  }, []);
  return (
    <Facet name="Created" words={words ?? "Created"} isSet={words !== undefined} layout={layout}>
      <Suspense>
        <Ranges />
      </Suspense>
    </Facet>
  );
}
