import { Button, CopyButton, TextInput } from "@mantine/core";
import classes from "./webhooks.module.css";

/** A secret that is shown once, to be put where the receiver finds it. */
export function SecretShown({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <div className={classes.form}>
      <p>
        With this secret the receiver can tell that what arrives is from here (Standard Webhooks). It is shown
        here only now.
      </p>
      <TextInput
        readOnly
        aria-label="Secret"
        value={secret}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
      />
      <div className={classes.actions}>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy secret"}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}
