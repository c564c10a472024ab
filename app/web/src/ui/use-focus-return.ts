import { useEffect, useState } from "react";

/** When what lies over the page goes, give the focus back to what had it before. */
export function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
}
