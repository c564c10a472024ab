import { Link } from "@tanstack/react-router";
import type { Schemas } from "../api/client";
import { count } from "./format";
import classes from "./ui.module.css";

/** Says where in a list one is, and leads on; the page is in the address. */
export function Pager({ pagination }: { pagination: Schemas["Pagination"] }) {
  const { page, limit, total, totalPages, totalIsExact } = pagination;
  const first = (page - 1) * limit + 1;
  const last = totalIsExact ? Math.min(page * limit, total) : page * limit;
  return (
    <nav className={classes.pager} aria-label="Pages">
      <span>
        {total === 0 ? "0" : `${count(first)}–${count(last)}`} of {totalText(pagination)}
      </span>
      <PageLink to={page - 1} isThere={page > 1}>
        Previous
      </PageLink>
      <PageLink to={page + 1} isThere={page < totalPages || !totalIsExact}>
        Next
      </PageLink>
    </nav>
  );
}

/** "12,431", or "more than 10,000" of a list that nobody counted to its end. */
export function totalText({ total, totalIsExact }: Schemas["Pagination"]): string {
  return totalIsExact ? count(total) : `more than ${count(total)}`;
}

function PageLink({ to, isThere, children }: { to: number; isThere: boolean; children: string }) {
  return (
    <Link
      to="."
      search={(search) => ({ ...search, page: to > 1 ? to : undefined })}
      disabled={!isThere}
      className={classes.pageLink}
    >
      {children}
    </Link>
  );
}
