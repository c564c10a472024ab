import { useQuery } from "@tanstack/react-query";
import { session } from "../../api/session";
import { Sheet } from "../../ui/sheet";
import { useKept } from "../../ui/use-kept";
import { useNameOf } from "../users/queries";
import classes from "./dialog.module.css";
import { ChangeFields } from "./change-fields";
import { ConfirmFields } from "./confirm-fields";
import { Options } from "./options";
import { PreviewPanel } from "./preview-panel";
import { Footer } from "./footer";
import { CountChanged, PostProblem } from "./post-problem";
import { previewQuery } from "./queries";
import {
  BLANK,
  isComplete,
  previewRequestOf,
  requestOf,
  type Draft,
  type Filter,
  type JobType,
  type Targets,
} from "./requests";
import type { Selection } from "./selection";
import { usePost } from "./use-post";
import { changeWords, orderOf, outlookOf, targetWords } from "./words";

type Props = {
  type: JobType;
  selection: Selection;
  filter: Filter;
  targets: Targets;
  /** How many are selected, as far as that is known before the preview has counted them. */
  size: number | undefined;
  onClose: () => void;
  onPosted: () => void;
};

/** What will happen, to how many and to which; why; and the one button that does it. */
export default function BulkDialog({ type, selection, filter, targets, size, onClose, onPosted }: Props) {
  const nameOf = useNameOf();
  const [draft, setDraft] = useKept("bulk", BLANK);
  const edit = (fields: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...fields }));
  };
  const preview = useQuery(previewQuery(previewRequestOf(type, targets, draft)));
  const total = preview.data?.total;
  const { post, problem, isPending, changed } = usePost(onPosted, () => {
    edit({ typed: "" });
    void preview.refetch();
  });
  const isReady = total !== undefined && !preview.isFetching && isComplete(type, total, draft);

  return (
    <Sheet
      title={orderOf(type, total ?? size)}
      size={640}
      onClose={() => {
        if (session.phase.get() !== "expired") onClose(); // Escape was meant for the sign-in above
      }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) post({ ...requestOf(type, targets, draft), expectedCount: total });
        }}
      >
        <p className={classes.quiet}>{targetWords(selection, filter, nameOf)}</p>
        {type === "bulk-update" && <ChangeFields draft={draft} onEdit={edit} problem={problem} />}
        <PreviewPanel type={type} query={preview} draft={draft} onEdit={edit} />
        {changed && <CountChanged {...changed} />}
        <ConfirmFields type={type} total={total} draft={draft} onEdit={edit} problem={problem} />
        <Options draft={draft} onEdit={edit} problem={problem} hasFilter={selection.isAll} />
        {problem && <PostProblem problem={problem} />}
        <Footer
          order={orderOf(type, total ?? size)}
          outlook={preview.data && outlookOf(type, preview.data.undoDays)}
          change={changeWords(draft.changes, nameOf)}
          isDangerous={type === "bulk-delete" || type === "bulk-purge"}
          isReady={isReady}
          isPending={isPending}
          onClose={onClose}
        />
      </form>
    </Sheet>
  );
}
