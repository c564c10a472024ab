import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { DataTable, type Column } from "../../ui/data-table";
import { count } from "../../ui/format";
import { FormProblem } from "../../ui/form-problem";
import { offer } from "../../ui/offer";
import { csvOf } from "./files";
import classes from "./imports.module.css";
import { faultsOf, MAX_FAULTS, type Fault, type Import } from "./queries";

const columns: Column<Fault>[] = [
  { id: "line", header: "Line", width: "80px", narrow: "lead", cell: ({ line }) => count(line) },
  {
    id: "message",
    header: "What is wrong",
    narrow: "title",
    cell: ({ message }) => <span title={message}>{message}</span>,
  },
  { id: "column", header: "Field", width: "160px", narrow: "meta", cell: ({ column }) => column },
  { id: "code", header: "Code", width: "144px", narrow: "meta", cell: ({ code }) => <code>{code}</code> },
];

/** The first of the lines that no ticket is made of, and all of them as a file. */
export function Faults({ found }: { found: Import }) {
  const { problems } = found;
  const all = found.faulty + found.duplicates;
  if (problems.length === 0) return null;
  return (
    <section aria-labelledby="faults">
      <div className={classes.sectionHead}>
        <h2 id="faults">What is wrong, by line</h2>
        {problems.length < all && `the first ${count(problems.length)}`}
        <Download importId={found.id} all={all} />
      </div>
      <DataTable caption="Faults" columns={columns} rows={problems} keyOf={({ line }) => String(line)} />
    </section>
  );
}

function Download({ importId, all }: { importId: string; all: number }) {
  const save = useMutation({
    mutationFn: () => faultsOf(importId),
    onSuccess: (faults) => {
      offer(new Blob([csvOf(faults)], { type: "text/csv" }), `import-${importId}-faults.csv`);
    },
  });
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        loading={save.isPending}
        onClick={() => {
          save.mutate();
        }}
      >
        Download {all > MAX_FAULTS ? `the first ${count(MAX_FAULTS)}` : count(all)} as CSV
      </Button>
      <FormProblem problem={save.error} fields={[]} />
    </>
  );
}
