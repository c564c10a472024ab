import { ActionIcon, Menu } from "@mantine/core";
import { useRef, useState } from "react";
import { useMe } from "../../api/me";
import { MoreIcon } from "../../frame/icons";
import { changesOf, wordsOf, type Change } from "./change";
import { ConfirmChange } from "./confirm-change";
import type { ListedUser } from "./queries";

/** What can be done with a user's rights; asks before it is done. */
export function ChangeMenu({ user }: { user: ListedUser }) {
  const [asked, setAsked] = useState<Change | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isMe = useMe().id === user.id;

  function close() {
    setAsked(null);
    button.current?.focus();
  }

  return (
    <>
      <Menu
        position="bottom-end"
        width={180}
        withinPortal={false}
        floatingStrategy="fixed"
        withInitialFocusPlaceholder={false}
        transitionProps={{ duration: 100 }}
      >
        <Menu.Target>
          <ActionIcon
            ref={button}
            variant="subtle"
            color="gray"
            data-row-button
            aria-label={`Change ${user.username}`}
          >
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {changesOf(user).map((change) => {
            const { action } = wordsOf(change, user, isMe);
            return (
              <Menu.Item
                key={action}
                onClick={() => {
                  setAsked(change);
                }}
              >
                {action} …
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {asked && <ConfirmChange user={user} change={asked} onClose={close} />}
    </>
  );
}
