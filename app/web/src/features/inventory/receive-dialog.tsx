import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { count } from "../../ui/format";
import { Sheet } from "../../ui/sheet";
import { toast } from "../../ui/toast";
import { useDraft } from "../../ui/use-draft";
import { Form } from "./form";
import { stockQuery, useReceive, type Item } from "./queries";
import { cableWords, quantityWords } from "./words";

const EMPTY = { cableType: "", cableGauge: "", cableLength: "", quantity: "" };
const FIELDS = ["cableType", "cableGauge", "cableLength", "quantity"] as const;

type Field = (typeof FIELDS)[number];

/** Closing it keeps what was typed, for the next time; to cancel throws it away. */
export function ReceiveDialog() {
  const { draft, change, discard, close, receive, submit } = useReceiving();
  const known = useQuery(stockQuery({})).data?.items ?? [];
  const field = (name: Field) => ({
    value: draft[name],
    error: receive.error?.about(name),
    onChange: (event: { currentTarget: { value: string } }) => {
      change({ [name]: event.currentTarget.value });
    },
  });
  return (
    <Sheet onClose={close} title="Receive cables">
      <Form
        action="Put into stock"
        problem={receive.error}
        fields={FIELDS}
        isPending={receive.isPending}
        onSubmit={submit}
        onCancel={() => {
          discard();
          close();
        }}
      >
        <Known
          label="Type"
          data-autofocus
          placeholder="Cat6"
          of="cableType"
          known={known}
          maxLength={64}
          {...field("cableType")}
        />
        <Known
          label="Gauge"
          placeholder="23AWG"
          of="cableGauge"
          known={known}
          maxLength={32}
          {...field("cableGauge")}
        />
        <Known
          label="Length"
          placeholder="100 ft"
          of="cableLength"
          known={known}
          maxLength={16}
          {...field("cableLength")}
        />
        <TextInput label="Quantity" type="number" min={1} {...field("quantity")} />
      </Form>
    </Sheet>
  );
}

function useReceiving() {
  const { draft, change, discard } = useDraft("receive-cables", EMPTY);
  const receive = useReceive();
  const navigate = useNavigate();
  const close = () => void navigate({ to: "/stock", search: true });

  function submit() {
    receive.mutate(
      { ...draft, quantity: Number(draft.quantity) },
      {
        onSuccess: (movement) => {
          discard();
          close();
          toast(
            `${quantityWords(movement.quantity)} ${cableWords(movement)}: ${count(movement.onHand)} on hand`,
          );
        },
      },
    );
  }

  return { draft, change, discard, close, receive, submit };
}

type KnownProps = { of: Exclude<Field, "quantity">; known: readonly Item[] } & Parameters<
  typeof TextInput
>[0];

/** A field that offers what there is of it in stock. */
function Known({ of, known, ...props }: KnownProps) {
  const list = useId();
  return (
    <>
      <TextInput list={list} autoComplete="off" {...props} />
      <datalist id={list}>
        {[...new Set(known.map((item) => item[of]))].map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
    </>
  );
}
