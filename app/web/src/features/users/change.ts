import type { Role } from "../../api/me";
import { articled, capitalized } from "../../ui/format";
import type { ListedUser } from "./queries";
import { ROLE_WORDS, ROLES } from "./roles";

export type Change = { role: Role } | { active: boolean };

const SESSIONS_END = "Their sessions and live connections end at once, wherever they are signed in.";

/** A change of someone's rights in words: for the menu, for the question, and for when it has been done. */
export type ChangeWords = { action: string; title: string; whatHappens: string[]; done: string };

/** Return what may be changed: to each of the other roles, and whether they may sign in at all. */
export function changesOf(user: ListedUser): Change[] {
  const roles = ROLES.filter((role) => role !== user.role).map((role) => ({ role }));
  return [...roles, { active: !user.active }];
}

export function wordsOf(change: Change, user: ListedUser): ChangeWords {
  if ("role" in change) return wordsOfRole(change.role, user);
  return change.active ? wordsOfReactivation(user) : wordsOfDeactivation(user);
}

function wordsOfRole(role: Role, { username, active }: ListedUser): ChangeWords {
  return {
    action: `Make ${articled(role)}`,
    title: `Make ${username} ${articled(role)}`,
    whatHappens: [`${capitalized(articled(role))} ${ROLE_WORDS[role]}.`, ...(active ? [SESSIONS_END] : [])],
    done: `${username} is now ${articled(role)}`,
  };
}

function wordsOfDeactivation({ username }: ListedUser): ChangeWords {
  return {
    action: "Deactivate",
    title: `Deactivate ${username}`,
    whatHappens: [
      `${username} will not be able to sign in any more.`,
      SESSIONS_END,
      "Their tickets stay, and an admin can reactivate them.",
    ],
    done: `${username} is deactivated`,
  };
}

function wordsOfReactivation({ username, role }: ListedUser): ChangeWords {
  return {
    action: "Reactivate",
    title: `Reactivate ${username}`,
    whatHappens: [`${username} can sign in again with the password they had, as ${articled(role)}.`],
    done: `${username} is active again`,
  };
}
