import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useMe } from "../api/me";
import { useStore } from "../store";
import { useKeys, type Keys } from "../ui/use-keys";
import { overlay } from "./overlay";
import { screensFor } from "./screens";

const Palette = lazy(() => import("./palette/palette"));
const KeyList = lazy(() => import("./key-list"));

/** The keys that work on every screen, and what they open. */
export function Everywhere() {
  const shown = useStore(overlay);
  useKeys(useEverywhereKeys(), "Everywhere");
  return (
    <Suspense>
      {shown === "palette" && <Palette />}
      {shown === "keys" && <KeyList />}
    </Suspense>
  );
}

function useEverywhereKeys(): Keys {
  const navigate = useNavigate();
  const { role } = useMe();
  const screens = screensFor(role).map(({ to, title, letter }) => [
    `g ${letter}`,
    { does: `Go to ${title}`, run: () => void navigate({ to }) },
  ]);
  return {
    "Ctrl+k": {
      does: "Find and do anything",
      run: () => {
        overlay.set("palette");
      },
    },
    "?": {
      does: "Show the keys",
      run: () => {
        overlay.set("keys");
      },
    },
    ...(Object.fromEntries(screens) as Keys),
  };
}
