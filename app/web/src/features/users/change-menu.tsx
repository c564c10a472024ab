import { ActionIcon, Menu } from "@mantine/core";
import { useRef, useState } from "react";
import { useMe } from "../../api/me";
import { MoreIcon } from "../../frame/icons";
import { changesOf, wordsOf, type Change } from "./change";
import { ConfirmChange } from "./confirm-change";
import { EraseDialog } from "./erase-dialog";
import { LinkDialog } from "./link-dialog";
import type { ListedUser } from "./queries";

type Asked = Change | "link" | "erase";

/** What can be done with a user; asks before it is done. */
export function ChangeMenu({ user }: { user: ListedUser }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const button = useRef<HTMLButtonElement>(null);

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
          <Items user={user} onAsk={setAsked} />
        </Menu.Dropdown>
      </Menu>
      {asked !== null && <Question user={user} asked={asked} onClose={close} />}
    </>
  );
}

/** Nobody takes their own rights away, or shuts themselves out. */
function Items({ user, onAsk }: { user: ListedUser; onAsk: (asked: Asked) => void }) {
  const isMe = useMe().id === user.id;
  const items: [string, Asked][] = [["Password link", "link"]];
  if (!isMe) {
    const changes = changesOf(user).map((change): [string, Asked] => [wordsOf(change, user).action, change]);
    items.unshift(...changes);
    items.push(["Erase", "erase"]);
  }
  return items.map(([action, asked]) => (
    <Menu.Item
      key={action}
      onClick={() => {
        onAsk(asked);
      }}
    >
      {action}…
    </Menu.Item>
  ));
}

function Question({ user, asked, onClose }: { user: ListedUser; asked: Asked; onClose: () => void }) {
  if (asked === "link") return <LinkDialog user={user} onClose={onClose} />;
  if (asked === "erase") return <EraseDialog user={user} onClose={onClose} />;
  return <ConfirmChange user={user} change={asked} onClose={onClose} />;
}
