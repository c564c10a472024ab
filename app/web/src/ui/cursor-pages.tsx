import { Link, useSearch } from "@tanstack/react-router";
import classes from "./ui.module.css";

type Props = { first: string; next: string; nextCursor: string | null };

/** Leads through a list that nobody has counted: one goes on, or begins again. The cursor is in the address. */
export function CursorPages({ first, next, nextCursor }: Props) {
  const { cursor } = useSearch({ strict: false });
  if (cursor === undefined && nextCursor === null) return null;
  return (
    <nav aria-label="Pages" className={classes.cursorPages}>
      <PageLink cursor={undefined} isThere={cursor !== undefined}>
        {first}
      </PageLink>
      <PageLink cursor={nextCursor ?? undefined} isThere={nextCursor !== null}>
        {next}
      </PageLink>
    </nav>
  );
}

type PageLinkProps = { cursor: string | undefined; isThere: boolean; children: string };

function PageLink({ cursor, isThere, children }: PageLinkProps) {
  return (
    <Link
      to="."
      search={(search) => ({ ...search, cursor })}
      disabled={!isThere}
      className={classes.pageLink}
    >
      {children}
    </Link>
  );
}
