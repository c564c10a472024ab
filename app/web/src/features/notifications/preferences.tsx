import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMe } from "../../api/me";
import { FormProblem } from "../../ui/form-problem";
import { Loaded } from "../../ui/loaded";
import { SkeletonRows } from "../../ui/skeleton";
import classes from "./notifications.module.css";
import { preferencesQuery, useChoose, type Preferences } from "./queries";
import { topicsOf, topicWords } from "./words";

type Topic = keyof Preferences;
type Channel = Preferences[Topic][number];

const CHANNELS: readonly { channel: Channel; name: string }[] = [
  { channel: "email", name: "E-mail" },
  { channel: "sms", name: "SMS" },
];

/** What one is told of, and how; each choice is kept at once. */
export function NotificationChoices() {
  const query = useQuery(preferencesQuery);
  return (
    <Loaded query={query} skeleton={<SkeletonRows rows={4} />}>
      {(chosen) => <Choices chosen={chosen} />}
    </Loaded>
  );
}

function Choices({ chosen }: { chosen: Preferences }) {
  const { role, phone } = useMe();
  const choose = useChoose();
  const shown = choose.isPending ? choose.variables : chosen;

  function toggle(topic: Topic, channel: Channel) {
    const others = shown[topic].filter((other) => other !== channel);
    const isOn = others.length < shown[topic].length;
    choose.mutate({ ...shown, [topic]: isOn ? others : [...others, channel] });
  }

  return (
    <>
      <table className={classes.choices}>
        <thead>
          <tr>
            <th scope="col">Of what</th>
            {CHANNELS.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {topicsOf(role).map((topic) => (
            <tr key={topic}>
              <th scope="row">{topicWords(topic)}</th>
              {CHANNELS.map(({ channel, name }) => (
                <td key={channel}>
                  <Checkbox
                    aria-label={`${topicWords(topic)}: ${name}`}
                    checked={shown[topic].includes(channel)}
                    disabled={channel === "sms" && !phone}
                    onChange={() => {
                      toggle(topic, channel);
                    }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {!phone && <p className={classes.quiet}>For SMS, say at which phone number.</p>}
      <FormProblem problem={choose.error} fields={[]} />
    </>
  );
}
