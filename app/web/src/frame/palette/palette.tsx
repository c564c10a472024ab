import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useFocusReturn } from "../../ui/use-focus-return";
import { closeOverlay } from "../overlay";
import { matching, type Command } from "./command";
import { useOwnCommands } from "./commands";
import { useListedCommands, useTypedCommands } from "./found";
import { Options } from "./options";
import classes from "./palette.module.css";

const PAUSE_MS = 120; // in typing, before the server is asked

/** Everything, by what it is called: a combobox whose list is always open. */
export default function Palette() {
  useFocusReturn();
  return (
    <Modal.Root
      opened
      onClose={closeOverlay}
      size={600}
      yOffset="12vh"
      classNames={{ content: classes.content ?? "" }}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label="Find and do anything">
        <Combobox />
      </Modal.Content>
    </Modal.Root>
  );
}

function Combobox() {
  const [text, setText] = useState("");
  const [chosenId, setChosenId] = useState<string | null>(null);
  const groups = useGroups(text.trim());
  const commands = groups.flatMap((group) => group.commands);
  const index = Math.max(
    0,
    commands.findIndex(({ id }) => id === chosenId),
  );
  const active = commands[index];

  function pressed(event: React.KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setChosenId(commands.at((index + step) % commands.length)?.id ?? null);
    else if (event.key === "Enter" && active) run(active);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <input
        type="text"
        role="combobox"
        aria-label="Find and do anything"
        aria-expanded
        aria-controls="palette-options"
        aria-autocomplete="list"
        aria-activedescendant={active && optionId(active)}
        placeholder="A screen, #number, a job’s id, anything…"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        className={classes.input}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosenId(null);
        }}
        onKeyDown={pressed}
      />
      <Options groups={groups} active={active} onActive={setChosenId} onRun={run} optionId={optionId} />
    </>
  );
}

function useGroups(typed: string) {
  const [settled] = useDebouncedValue(typed, PAUSE_MS);
  const known = [...useListedCommands(), ...useOwnCommands()];
  const asked = useTypedCommands(settled);
  const search = asked.filter(({ group }) => group === "Search");
  const things = asked.filter(({ group }) => group !== "Search");
  return [...matching(things, ""), ...matching(known, typed), ...matching(search, "")];
}

function optionId({ id }: Command): string {
  return `palette-${id}`;
}

function run(command: Command): void {
  closeOverlay();
  command.run();
}
