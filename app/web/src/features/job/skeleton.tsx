import { SkeletonRows } from "../../ui/skeleton";
import classes from "./job.module.css";

export function JobSkeleton() {
  return (
    <div className={classes.job}>
      <SkeletonRows rows={8} />
    </div>
  );
}
