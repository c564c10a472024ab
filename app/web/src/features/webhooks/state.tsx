import type { Webhook } from "./queries";
import { StatusWord } from "../../ui/status-word";
import { stateOf, stateWords } from "./words";

export function State({ webhook }: { webhook: Webhook }) {
  return <StatusWord status={stateOf(webhook)} word={stateWords(webhook)} />;
}
