import "./styles/mantine";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { cache, prefetch } from "./api/cache";
import { meQuery } from "./api/me";
import { StartingPage } from "./features/sign-in/starting";
import { goLive } from "./live/socket";
import { router } from "./router";
import { theme, variables } from "./styles/theme";
import { Announcer } from "./ui/announcer";
import { Toasts } from "./ui/toast";

prefetch(meQuery); // while React begins

/** All that is behind the sign-in. */
export default function App() {
  useEffect(goLive, []);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={cache}>
        <Screens />
      </QueryClientProvider>
      <Toasts />
      <Announcer />
    </MantineProvider>
  );
}

/** Begin with the screens when it is known who looks at them: what they may see depends on that. */
function Screens() {
  const { isPending } = useQuery(meQuery);
  return isPending ? <StartingPage /> : <RouterProvider router={router} />;
}
