import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { useMe } from "../../api/me";
import { stringifySearch } from "../../search";
import { count } from "../../ui/format";
import { EditedView, EditView } from "./edit-view";
import { countsQuery, searchOf, viewsQuery, type View } from "./queries";
import classes from "./views.module.css";

const MOST = 12; // all of them are in the menu of the list

/** The views to work by, with how many tickets each has. */
export default function SideViews() {
  const { data: views = [] } = useQuery(viewsQuery);
  const shown = views.slice(0, MOST);
  const { data: counts } = useQuery(countsQuery(shown));
  const [edited, setEdited] = useState<View>();
  const myId = useMe().id;
  return (
    <>
      <ul aria-label="Views" className={classes.side} data-wide-only>
        {shown.map((view) => (
          <li key={view.id}>
            <ViewLink view={view}>{told(counts?.get(view.id))}</ViewLink>
            {view.ownerId === myId && <EditView view={view} className={classes.edit} onEdit={setEdited} />}
          </li>
        ))}
      </ul>
      <EditedView
        view={edited}
        onClose={() => {
          setEdited(undefined);
        }}
      />
    </>
  );
}

function ViewLink({ view, children }: { view: View; children: string }) {
  const search = searchOf(view);
  // By the text of the address: what it has one value of, the router takes for another thing than a list of one.
  const isShown = useLocation({
    select: ({ pathname, searchStr }) => pathname === "/tickets" && searchStr === stringifySearch(search),
  });
  return (
    <Link
      to="/tickets"
      search={search}
      activeOptions={{ exact: true }}
      aria-current={isShown ? "page" : undefined}
      className={classes.link}
    >
      <span>{view.name}</span> <span className={classes.quiet}>{children}</span>
    </Link>
  );
}

function told(counted: { count: number | null; isMore: boolean } | undefined): string {
  if (counted === undefined || counted.count === null) return "";
  return counted.isMore ? `${count(counted.count)}+` : count(counted.count);
}
