import { fit } from "./fuzzy";

export type Command = {
  id: string;
  group: string;
  label: string;
  /** Other words for it that people may type. */
  also?: string;
  keys?: string;
  run: () => void;
};

export type Group = { title: string; commands: Command[] };

const MAX_OF_A_GROUP = 8;

/** Return the commands that fit what was typed, in groups: the group of the best one first. */
export function matching(commands: readonly Command[], typed: string): Group[] {
  const scored = commands
    .map((command) => ({ command, score: typed ? scoreOf(command, typed) : 1 }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const titles = new Set(scored.map(({ command }) => command.group));
  return [...titles].map((title) => ({
    title,
    commands: scored
      .map(({ command }) => command)
      .filter(({ group }) => group === title)
      .slice(0, MAX_OF_A_GROUP),
  }));
}

function scoreOf({ label, also = "" }: Command, typed: string): number {
  return Math.max(fit(typed, label), fit(typed, also) / 2);
}
