import { Button, NativeSelect } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { FormProblem } from "../../ui/form-problem";
import { FIELDS, filling, type Column } from "./fields";
import classes from "./imports.module.css";
import { fileOf, useUpload } from "./queries";

const CHOICES = [
  { value: "", label: "Left out" },
  ...Object.entries(FIELDS).map(([value, label]) => ({ value, label })),
];

type Props = {
  importId: string;
  columns: Column[];
  /** Whether the file was read like that. */
  isAsRead: boolean;
  onChange: (columns: Column[]) => void;
};

/** Which field of a ticket each column fills; to be changed for as long as the page has the file. */
export function FileColumns(props: Props) {
  const file = fileOf(props.importId);
  if (props.columns.length === 0) return null;
  return (
    <section aria-labelledby="columns">
      <div className={classes.sectionHead}>
        <h2 id="columns">Columns</h2>
      </div>
      {file ? <Mapping file={file} {...props} /> : <Told columns={props.columns} />}
    </section>
  );
}

/** Reads the file again, as each of its columns is said to be. */
function Mapping({ file, columns, isAsRead, onChange }: Omit<Props, "importId"> & { file: File }) {
  const upload = useUpload();
  const navigate = useNavigate();

  function readAgain() {
    upload.mutate(
      { file, columns },
      {
        onSuccess: ({ id }) =>
          void navigate({ to: "/imports/$importId", params: { importId: id }, replace: true }),
      },
    );
  }

  return (
    <>
      <div className={classes.columns}>
        {columns.map(({ name, field }) => (
          <NativeSelect
            key={name}
            label={name || "(no name)"}
            disabled={name === "" || upload.isPending}
            data={CHOICES}
            value={field ?? ""}
            onChange={({ currentTarget }) => {
              onChange(filling(columns, name, currentTarget.value || null));
            }}
          />
        ))}
      </div>
      {!isAsRead && (
        <div className={classes.again}>
          <Button variant="default" loading={upload.isPending} onClick={readAgain}>
            Read the file like that
          </Button>
          <FormProblem problem={upload.error} fields={[]} />
        </div>
      )}
    </>
  );
}

function Told({ columns }: { columns: Column[] }) {
  return (
    <>
      <dl className={classes.columns}>
        {columns.map(({ name, field }) => (
          <div key={name}>
            <dt>{name || "(no name)"}</dt>
            <dd>
              {field === null ? <span className={classes.quiet}>left out</span> : (FIELDS[field] ?? field)}
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.again}>
        To say what a column is, <Link to="/imports">choose the file again</Link>.
      </p>
    </>
  );
}
