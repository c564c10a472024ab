import { useNavigate } from "@tanstack/react-router";
import { toast } from "../../ui/toast";

/** Return what says that something is done, and leads to the job that works out deadlines anew, if there is one. */
export function useTell(): (message: string, jobId: string | null) => void {
  const navigate = useNavigate();
  return (message, jobId) => {
    if (jobId === null) {
      toast(message);
      return;
    }
    const watch = () => void navigate({ to: "/jobs/$jobId", params: { jobId } });
    toast(`${message}. Deadlines are worked out anew`, [{ label: "Watch", onClick: watch }]);
  };
}
