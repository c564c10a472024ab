import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { jobQuery } from "../../features/job/queries";
import { sentenceOf } from "../../features/jobs/sentences";
import { useNameOf } from "../../features/users/queries";
import { searchOf, viewsQuery } from "../../features/views/queries";
import { useJobsInMotion } from "../../live/queries";
import { capitalized, percent, words } from "../../ui/format";
import type { Command } from "./command";
import { ticketByNumberQuery } from "./queries";

const NUMBER = /^#?([1-9]\d{0,14})$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The jobs in motion and the saved views: among these one searches. */
export function useListedCommands(): Command[] {
  const navigate = useNavigate();
  const nameOf = useNameOf();
  const { data } = useQuery(viewsQuery);
  const jobs = useJobsInMotion().map((job) => ({
    id: `job-${job.jobId}`,
    group: "Jobs in motion",
    label: `${sentenceOf({ ...job, params: {} }, nameOf)} · ${capitalized(words(job.status))}, ${percent(job.progress)}`,
    run: () => void navigate({ to: "/jobs/$jobId", params: { jobId: job.jobId } }),
  }));
  const views = (data ?? []).map((view) => ({
    id: `view-${view.id}`,
    group: "Saved views",
    label: view.name,
    run: () => void navigate({ to: "/tickets", search: searchOf(view) }),
  }));
  return [...jobs, ...views];
}

/** What was typed may itself be a ticket's number or a job's id; and one can search for anything. */
export function useTypedCommands(typed: string): Command[] {
  const navigate = useNavigate();
  const number = Number(NUMBER.exec(typed)?.[1] ?? 0);
  const id = ID.test(typed) ? typed.toLowerCase() : "";
  const nameOf = useNameOf();
  const tickets = useQuery({ ...ticketByNumberQuery(number), enabled: number > 0, retry: false });
  const job = useQuery({ ...jobQuery(id), enabled: id !== "", retry: false });
  const commands: Command[] = (tickets.data?.tickets ?? []).map((ticket) => ({
    id: `ticket-${ticket.id}`,
    group: "Tickets",
    label: `#${ticket.number} ${ticket.title}`,
    run: () => void navigate({ to: "/tickets/$ticketId", params: { ticketId: ticket.id } }),
  }));
  if (job.data) {
    commands.push({
      id: "job",
      group: "Jobs",
      label: sentenceOf(job.data, nameOf),
      run: () => void navigate({ to: "/jobs/$jobId", params: { jobId: id } }),
    });
  }
  if (typed !== "" && id === "") {
    commands.push({
      id: "search",
      group: "Search",
      label: `Search tickets for “${typed}”`,
      run: () => void navigate({ to: "/tickets", search: { text: typed } }),
    });
  }
  return commands;
}
