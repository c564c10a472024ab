import { Button, SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { useMe } from "../../api/me";
import { session } from "../../api/session";
import { Page } from "../../frame/page";
import { signOut } from "../../frame/sign-out";
import { useStore } from "../../store";
import { SCHEMES, useScheme } from "../../styles/schemes";
import { CopyableId } from "../../ui/copyable-id";
import { articled, capitalized, exactTime } from "../../ui/format";
import { NotificationChoices } from "../notifications/preferences";
import { ROLE_WORDS } from "../users/roles";
import classes from "./account.module.css";
import { PasswordForm } from "./password-form";
import { ReachForm } from "./reach-form";

export function AccountPage() {
  const { id, username, role, createdAt } = useMe();
  return (
    <Page title="My account">
      <div className={classes.account}>
        <h2>{username}</h2>
        <dl>
          <Fact name="E-mail and phone">
            <ReachForm />
          </Fact>
          <Fact name="Password">
            <PasswordForm />
          </Fact>
          <Fact name="What you are told of">
            <NotificationChoices />
          </Fact>
          <Fact name="Role">
            {capitalized(role)}
            <p className={classes.quiet}>
              {capitalized(articled(role))} {ROLE_WORDS[role]}.
            </p>
          </Fact>
          <Fact name="User id">
            <CopyableId id={id} label="user id" />
          </Fact>
          <Fact name="With us since">{exactTime(new Date(createdAt))}</Fact>
          <Fact name="Signed in since">
            <SignedInSince />
          </Fact>
          <Fact name="Colours">
            <Colours />
          </Fact>
        </dl>
        <Button variant="default" onClick={signOut}>
          Sign out
        </Button>
      </div>
    </Page>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function SignedInSince() {
  const since = useStore(session.since);
  return since && exactTime(new Date(since));
}

function Colours() {
  const [scheme, setScheme] = useScheme();
  return (
    <SegmentedControl
      aria-label="Colours"
      size="xs"
      transitionDuration={100}
      data={SCHEMES.map(({ value, label }) => ({ value, label }))}
      value={scheme}
      onChange={setScheme}
    />
  );
}
