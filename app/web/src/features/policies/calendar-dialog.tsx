import { Textarea, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { Sheet } from "../../ui/sheet";
import { useDraft } from "../../ui/use-draft";
import { Form } from "./form";
import { hoursOf, hoursText } from "./hours";
import { useDeleteCalendar, useSaveCalendar, type Calendar } from "./queries";
import { useTell } from "./told";

const FIELDS = ["name", "timeZone", "hours"];
const ZONES = Intl.supportedValuesOf("timeZone");

type Props = { calendar: Calendar | undefined; onClose: () => void };

/** Opening hours to be changed, or new ones. */
export default function CalendarDialog({ calendar, onClose }: Props) {
  const { draft, change, problem, wrong, ...form } = useCalendarForm(calendar, onClose);
  const zones = useId();
  return (
    <Sheet onClose={form.onCancel} title={calendar ? `Change “${calendar.name}”` : "New calendar"}>
      <Form problem={problem} fields={FIELDS} {...form}>
        <TextInput
          label="Name"
          data-autofocus
          maxLength={100}
          value={draft.name}
          error={problem?.about("name")}
          onChange={(event) => {
            change({ name: event.currentTarget.value });
          }}
        />
        <TextInput
          label="Time zone"
          list={zones}
          maxLength={64}
          value={draft.timeZone}
          error={problem?.about("timeZone")}
          onChange={(event) => {
            change({ timeZone: event.currentTarget.value });
          }}
        />
        <datalist id={zones}>
          {ZONES.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <Textarea
          label="Opening hours"
          description="A line each: Mon-Fri 09:00-17:00"
          rows={4}
          value={draft.hours}
          error={wrong ?? problem?.about("hours")}
          onChange={(event) => {
            change({ hours: event.currentTarget.value });
          }}
        />
        <Textarea
          label="Holidays"
          description="A line each: 2026-12-25"
          rows={3}
          value={draft.holidays}
          error={problem?.errors.find(({ path }) => path.startsWith("$.holidays"))?.message}
          onChange={(event) => {
            change({ holidays: event.currentTarget.value });
          }}
        />
      </Form>
    </Sheet>
  );
}

function useCalendarForm(calendar: Calendar | undefined, onClose: () => void) {
  const { draft, change, discard } = useDraft(`calendar-${calendar?.id ?? "new"}`, textsOf(calendar));
  const [wrong, setWrong] = useState<string>();
  const save = useSaveCalendar(calendar?.id);
  const remove = useDeleteCalendar(calendar?.id ?? "");
  const tell = useTell();

  function finish() {
    discard();
    onClose();
  }

  function done(what: string, jobId: string | null) {
    tell(`${what} “${calendar?.name ?? draft.name}”`, jobId);
    finish();
  }

  function submit() {
    const read = hoursOf(draft.hours);
    setWrong(read.wrong && `“${read.wrong}” does not read like “Mon-Fri 09:00-17:00”`);
    if (read.wrong !== undefined) return;
    const { name, timeZone, holidays } = draft;
    save.mutate(
      { name, timeZone, hours: read.hours, holidays: holidays.split(/\s+/).filter(Boolean) },
      {
        onSuccess: ({ jobId }) => {
          done("Saved", jobId);
        },
      },
    );
  }

  return {
    draft,
    change,
    wrong,
    problem: save.error ?? remove.error,
    isPending: save.isPending || remove.isPending,
    onSave: submit,
    onDelete:
      calendar &&
      (() => {
        remove.mutate(undefined, {
          onSuccess: () => {
            done("Deleted", null);
          },
        });
      }),
    onCancel: finish,
  };
}

function textsOf(calendar: Calendar | undefined) {
  const { name = "", timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone } = calendar ?? {};
  const hours = calendar ? hoursText(calendar.hours) : "Mon-Fri 09:00-17:00";
  return { name, timeZone, hours, holidays: calendar?.holidays.join("\n") ?? "" };
}
