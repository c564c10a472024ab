import { Checkbox } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { ErrorState } from "../../ui/error-state";
import classes from "./dialog.module.css";
import { Failures } from "./failures";
import type { Preview } from "./queries";
import type { Draft, JobType } from "./requests";
import { Sample } from "./sample";
import { StatusShares } from "./status-shares";

type Props = {
  type: JobType;
  query: UseQueryResult<Preview>;
  draft: Draft;
  onEdit: (fields: Partial<Draft>) => void;
};

/** What the job would do, as the server has counted it; nothing has changed yet. */
export function PreviewPanel({ type, query, draft, onEdit }: Props) {
  const preview = query.data;
  if (query.isError) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />;
  if (!preview) return <Counting reason={query.failureReason?.detail} />;
  const mayForce = type === "bulk-purge" && (draft.force || preview.wouldFail.too_recent !== undefined);
  return (
    <div className={classes.preview} aria-busy={query.isFetching}>
      <StatusShares byStatus={preview.byStatus} />
      <Failures type={type} wouldFail={preview.wouldFail} sample={preview.sample} />
      {mayForce && (
        <Checkbox
          color="red"
          label="Also purge what was deleted too short a time ago"
          description="They are still kept, so that a mistake can be put right. After this, nobody can."
          checked={draft.force}
          onChange={({ currentTarget }) => {
            onEdit({ force: currentTarget.checked });
          }}
        />
      )}
      <Sample tickets={preview.sample} total={preview.total} />
    </div>
  );
}

function Counting({ reason }: { reason: string | undefined }) {
  return (
    <div className={classes.counting} role="status">
      {reason ? `${reason} Trying again…` : "Counting the tickets…"}
    </div>
  );
}
