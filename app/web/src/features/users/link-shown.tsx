import { Button, CopyButton, TextInput } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { exactTime } from "../../ui/format";
import classes from "./users.module.css";

/** A link that is shown once, to be handed over. */
export function LinkShown({ link, name }: { link: Schemas["ResetLinkResponse"]; name: string }) {
  const address = new URL(link.path, location.origin).href;
  return (
    <div className={classes.whatHappens}>
      <p>
        With this link {name} chooses a password. It works once, until {exactTime(new Date(link.expiresAt))},
        and is shown here only now.
      </p>
      <TextInput
        readOnly
        aria-label="Link"
        value={address}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
      />
      <CopyButton value={address}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {copied ? "Copied" : "Copy link"}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
