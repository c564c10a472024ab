import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { capitalized } from "../../../ui/format";
import classes from "../tickets.module.css";
import { GENERAL, typesQuery } from "../types";

/** What can be asked for. Going from one to another is no step in the history: closing leads back past all of them. */
export function Kinds() {
  const { data: types = [] } = useQuery(typesQuery);
  const others = types.filter(({ type }) => type !== GENERAL);
  return (
    <nav aria-label="What it is" className={classes.kinds}>
      <Link to="/tickets/new" search={true} replace activeOptions={{ exact: true }} {...CURRENT}>
        General
      </Link>
      {others.map(({ type }) => (
        <Link key={type} to="/tickets/new/$type" params={{ type }} search={true} replace {...CURRENT}>
          {capitalized(type)}
        </Link>
      ))}
    </nav>
  );
}

const CURRENT = { activeProps: { "aria-current": "page" } } as const;
