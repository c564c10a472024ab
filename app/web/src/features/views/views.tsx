import { CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMe } from "../../api/me";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import { useFilter } from "../tickets/filters/use-filter";
import { filterOf, isFiltered } from "../tickets/search";
import { EditView } from "./edit-view";
import { searchOf, useDeleteView, viewsQuery, type View } from "./queries";
import { SaveForm } from "./save-form";
import classes from "./views.module.css";

type Props = { onChosen: () => void; onEdit: (view: View) => void };

/** What is chosen goes into the address, field by field, so that the filter bar shows what a view is made of. */
export default function Views({ onChosen, onEdit }: Props) {
  const query = useQuery(viewsQuery);
  const { search } = useFilter();
  return (
    <>
      <Loaded query={query} skeleton={<SkeletonRows rows={2} />}>
        {(views) => (
          <ul className={classes.views}>
            {views.map((view) => (
              <Row key={view.id} view={view} onChosen={onChosen} onEdit={onEdit} />
            ))}
            {views.length === 0 && <li className={classes.quiet}>No views yet</li>}
          </ul>
        )}
      </Loaded>
      {isFiltered(search) ? (
        <SaveForm filter={filterOf(search)} sort={search.sort ?? null} columns={search.columns ?? null} />
      ) : (
        <p className={classes.quiet}>To save a view, filter the tickets first.</p>
      )}
    </>
  );
}

function Row({ view, onChosen, onEdit }: Props & { view: View }) {
  const { replace } = useFilter();
  const remove = useDeleteView(view);
  const isOwn = useMe().id === view.ownerId;
  return (
    <li>
      <button
        type="button"
        className={classes.view}
        onClick={() => {
          replace(searchOf(view));
          onChosen();
        }}
      >
        {view.name}
        {view.sharedWith.length > 0 && <span className={classes.quiet}> shared</span>}
      </button>
      {isOwn && <EditView view={view} onEdit={onEdit} />}
      {isOwn && (
        <CloseButton
          size="sm"
          aria-label={`Delete the view ${view.name}`}
          disabled={remove.isPending}
          onClick={() => {
            remove.mutate();
          }}
        />
      )}
      {remove.error && <p role="alert">{remove.error.detail}</p>}
    </li>
  );
}
