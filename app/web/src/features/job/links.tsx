import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { titleOf } from "../jobs/sentences";
import classes from "./job.module.css";
import { Moment } from "./moment";
import { jobQuery, type Job } from "./queries";

/** What the job was made of, and what was made of it. */
export function Links({ job }: { job: Job }) {
  const { id, type, parentJobId, retriedBy, undoneBy, undoable, undoUntil } = job;
  const { importId } = job.params;
  const mayImport = useMay("imports.run");
  return (
    <ul className={classes.links}>
      {parentJobId && (
        <Linked
          jobId={parentJobId}
          words={(parent) => (parent.undoneBy === id ? "This undoes" : "This retries")}
        />
      )}
      {importId && mayImport && (
        <li>
          Made of{" "}
          <Link to="/imports/$importId" params={{ importId }}>
            the file
          </Link>
        </li>
      )}
      {undoneBy && <Linked jobId={undoneBy} words={() => "Undone by"} parentType={type} />}
      {retriedBy && <Linked jobId={retriedBy} words={() => "Retried by"} />}
      {undoable && undoUntil && (
        <li>
          Can be undone until <Moment at={undoUntil} />
        </li>
      )}
    </ul>
  );
}

type LinkedProps = { jobId: string; words: (job: Job) => string; parentType?: string };

/** Nothing is said of a job that is not there any more, or not for this user to see. */
function Linked({ jobId, words, parentType }: LinkedProps) {
  const { data: job } = useQuery(jobQuery(jobId));
  if (!job) return null;
  return (
    <li>
      {words(job)}{" "}
      <Link to="/jobs/$jobId" params={{ jobId }}>
        {titleOf(job, parentType)}
      </Link>
    </li>
  );
}
