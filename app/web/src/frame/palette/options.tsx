import { useEffect } from "react";
import { counted } from "../../ui/format";
import { Kbd } from "../../ui/kbd";
import type { Command, Group } from "./command";
import classes from "./palette.module.css";

type Props = {
  groups: readonly Group[];
  active: Command | undefined;
  onActive: (id: string) => void;
  onRun: (command: Command) => void;
  optionId: (command: Command) => string;
};

export function Options({ groups, active, onActive, onRun, optionId }: Props) {
  const activeId = active && optionId(active);
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);
  return (
    <>
      <div id="palette-options" role="listbox" aria-label="What there is" className={classes.options}>
        {groups.map(({ title, commands }) => (
          <div key={title} role="group" aria-label={title}>
            <div aria-hidden className={classes.title}>
              {title}
            </div>
            {commands.map((command) => (
              <button
                key={command.id}
                type="button"
                role="option"
                tabIndex={-1}
                id={optionId(command)}
                aria-selected={command === active}
                className={classes.option}
                onPointerMove={() => {
                  onActive(command.id);
                }}
                onClick={() => {
                  onRun(command);
                }}
              >
                <span>{command.label}</span>
                {command.keys && <Kbd keys={command.keys} />}
              </button>
            ))}
          </div>
        ))}
      </div>
      {groups.length === 0 && <p className={classes.nothing}>Nothing is called that.</p>}
      <p role="status" className="visually-hidden">
        {counted(groups.flatMap(({ commands }) => commands).length, "result")}
      </p>
    </>
  );
}
