import { useNavigate } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { FormProblem } from "../../ui/form-problem";
import { FIELDS } from "./fields";
import classes from "./imports.module.css";
import { useUpload } from "./queries";

export function NewImportPage() {
  const navigate = useNavigate();
  const upload = useUpload();

  function send(file: File | undefined) {
    if (file === undefined || upload.isPending) return;
    upload.mutate(
      { file },
      { onSuccess: ({ id }) => void navigate({ to: "/imports/$importId", params: { importId: id } }) },
    );
  }

  return (
    <Page title="Import">
      <div className={classes.screen}>
        <DropZone sending={upload.isPending ? upload.variables.file : undefined} onFile={send} />
        <FormProblem problem={upload.error} fields={[]} />
        <p className={classes.quiet}>
          The first line of a CSV file names its columns: {Object.keys(FIELDS).join(", ")}. What others are
          can be said when the file is read; only the title has to be there. A line of an NDJSON file is an
          object with such fields. Up to 100 MB.
        </p>
      </div>
    </Page>
  );
}

type Props = { sending: File | undefined; onFile: (file: File | undefined) => void };

/** The browser's own field for a file, over all of it: that takes clicks, keys and what is dropped. */
function DropZone({ sending, onFile }: Props) {
  return (
    <label className={classes.zone}>
      <input
        type="file"
        aria-label="A file of tickets"
        disabled={sending !== undefined}
        accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
        onChange={({ currentTarget }) => {
          onFile(currentTarget.files?.[0]);
          currentTarget.value = ""; // so that the same one can be chosen again, once it is mended
        }}
      />
      <strong role="status">
        {sending ? `Reading ${sending.name}…` : "Choose a CSV or NDJSON file of tickets, or drop it here"}
      </strong>
      <span className={classes.quiet}>No ticket is made before you have seen what would become of it.</span>
    </label>
  );
}
