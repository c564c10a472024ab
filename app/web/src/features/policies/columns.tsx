import type { Column } from "../../ui/data-table";
import { hoursText } from "./hours";
import classes from "./policies.module.css";
import type { Calendar, Policy } from "./queries";
import { minutesWords, scopeWords } from "./words";

export function policyColumns(
  calendars: readonly Calendar[],
  onOpen: (policy: Policy) => void,
): Column<Policy>[] {
  const within = (minutes: number | null) => minutes !== null && minutesWords(minutes);
  return [
    {
      id: "position",
      header: "Position",
      width: "88px",
      narrow: "hidden",
      cell: ({ position }) => position,
    },
    {
      id: "name",
      header: "Name",
      narrow: "title",
      cell: (policy) => (
        <Opener
          name={policy.name}
          onOpen={() => {
            onOpen(policy);
          }}
        />
      ),
    },
    { id: "for", header: "For", narrow: "fill", cell: scopeWords },
    {
      id: "first",
      header: "First answer",
      width: "116px",
      narrow: "hidden",
      cell: ({ firstAnswerMinutes }) => within(firstAnswerMinutes),
    },
    {
      id: "next",
      header: "Next answer",
      width: "116px",
      narrow: "hidden",
      cell: ({ nextAnswerMinutes }) => within(nextAnswerMinutes),
    },
    {
      id: "solution",
      header: "Solution",
      width: "116px",
      narrow: "aside",
      cell: ({ solutionMinutes }) => within(solutionMinutes),
    },
    {
      id: "hours",
      header: "Hours",
      width: "160px",
      narrow: "meta",
      cell: ({ calendarId }) =>
        calendars.find(({ id }) => id === calendarId)?.name ?? (calendarId === null && "Around the clock"),
    },
  ];
}

export function calendarColumns(onOpen: (calendar: Calendar) => void): Column<Calendar>[] {
  return [
    {
      id: "name",
      header: "Name",
      narrow: "title",
      cell: (calendar) => (
        <Opener
          name={calendar.name}
          onOpen={() => {
            onOpen(calendar);
          }}
        />
      ),
    },
    {
      id: "hours",
      header: "Hours",
      narrow: "fill",
      cell: ({ hours }) => hoursText(hours).replaceAll("\n", ", "),
    },
    { id: "zone", header: "Time zone", width: "200px", narrow: "meta", cell: ({ timeZone }) => timeZone },
    {
      id: "holidays",
      header: "Holidays",
      width: "96px",
      narrow: "hidden",
      cell: ({ holidays }) => holidays.length,
    },
  ];
}

function Opener({ name, onOpen }: { name: string; onOpen: () => void }) {
  return (
    <button
      type="button"
      data-row-button
      aria-label={`Change ${name}`}
      className={classes.opener}
      onClick={onOpen}
    >
      {name}
    </button>
  );
}
