import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Loaded } from "../../ui/loaded";
import { Sheet } from "../../ui/sheet";
import { SkeletonRows } from "../../ui/skeleton";
import { Kinds } from "../tickets/create/kinds";
import { useClose } from "../tickets/create/use-close";
import { typesQuery } from "../tickets/types";
import { RequestForm } from "./request-form";

const route = getRouteApi("/tickets/new/$type");

/** Asks for what a type of ticket needs to know; closing it keeps what was typed, to cancel throws it away. */
export function RequestDialog() {
  const { type } = route.useParams();
  const query = useQuery(typesQuery);
  const close = useClose();
  return (
    <Sheet onClose={close} title={`Request ${type}`} size="lg">
      <Kinds />
      <Loaded query={query} skeleton={<SkeletonRows rows={6} />}>
        {(types) => {
          const found = types.find((each) => each.type === type);
          return found ? (
            <RequestForm key={type} type={found} onClose={close} />
          ) : (
            <p>There is no such type.</p>
          );
        }}
      </Loaded>
    </Sheet>
  );
}
