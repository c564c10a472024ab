import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Schemas } from "../../../api/client";
import { useMay } from "../../../api/may";
import { totalText } from "../../../ui/pager";
import { ViewsMenu } from "../../views/menu";
import { NewTicket } from "../create/new-ticket";
import { filterOf, isFiltered } from "../search";
import { AssigneeFacet } from "./assignee";
import { PriorityFacet, SlaFacet, StatusFacet, TypeFacet } from "./choices";
import { CreatedFacet } from "./created";
import type { Layout } from "./facet";
import classes from "./filters.module.css";
import { FilterSheet } from "./sheet";
import { TagsFacet } from "./tags";
import { useFilter } from "./use-filter";

// What few look for, and come to from elsewhere.
const ContactFacet = lazy(() => import("./contact"));
const FieldsFacet = lazy(() => import("./fields"));

export function FilterBar({ pagination }: { pagination: Schemas["Pagination"] | undefined }) {
  const isNarrow = useMediaQuery("(width < 720px)", false, { getInitialValueInEffect: false });
  return (
    <div className={classes.bar} role="group" aria-label="Filter">
      {isNarrow ? (
        <FilterSheet>
          <Facets layout="sheet" />
        </FilterSheet>
      ) : (
        <>
          <Facets layout="bar" />
          <Clear />
        </>
      )}
      <ViewsMenu />
      <div className={classes.end}>
        <span className={classes.total}>{pagination && <Total {...pagination} />}</span>
        <ImportLink />
        <NewTicket />
      </div>
    </div>
  );
}

function Facets({ layout }: { layout: Layout }) {
  const isStaff = useMay("ticket.triage");
  const { contactId, fields } = filterOf(useFilter().search);
  return (
    <>
      <StatusFacet layout={layout} />
      <TypeFacet layout={layout} />
      <Suspense>{fields && <FieldsFacet fields={fields} layout={layout} />}</Suspense>
      <PriorityFacet layout={layout} />
      {isStaff && <AssigneeFacet layout={layout} />}
      <Suspense>{isStaff && contactId && <ContactFacet chosen={contactId} layout={layout} />}</Suspense>
      {isStaff && <SlaFacet layout={layout} />}
      {isStaff && <TagsFacet layout={layout} />}
      <CreatedFacet layout={layout} />
    </>
  );
}

function Total(pagination: Schemas["Pagination"]) {
  const isOne = pagination.totalIsExact && pagination.total === 1;
  return (
    <>
      <strong>{totalText(pagination)}</strong> {isOne ? "ticket" : "tickets"}
    </>
  );
}

function ImportLink() {
  const mayImport = useMay("imports.run");
  if (!mayImport) return null;
  return (
    <Button component={Link} to="/imports" variant="default" size="compact-md" className={classes.import}>
      Import
    </Button>
  );
}

function Clear() {
  const { search, replace } = useFilter();
  if (!isFiltered(search)) return null;
  return (
    <Button
      variant="subtle"
      size="compact-md"
      onClick={() => {
        replace({ sort: search.sort });
      }}
    >
      <span aria-hidden>✕&nbsp;</span>Clear
      <span className="visually-hidden"> filter</span>
    </Button>
  );
}
