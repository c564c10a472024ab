import "./styles/base.css";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { session } from "./api/session";
import { fetchEarly } from "./early";
import { takeLink } from "./features/approval/link";
import { StartingPage } from "./features/sign-in/starting";
import { Gate } from "./gate";
import { applyColorScheme } from "./styles/scheme";

const ApprovalPage = lazy(() => import("./features/approval/page"));

const root = document.getElementById("root"); // pages of documents have none, and share code with the console
if (root) start(root);

function start(root: HTMLElement): void {
  applyColorScheme();
  const link = takeLink();
  if (!link) {
    fetchEarly();
    session.start();
  }
  createRoot(root).render(
    <StrictMode>
      <Suspense fallback={<StartingPage />}>{link ? <ApprovalPage link={link} /> : <Gate />}</Suspense>
    </StrictMode>,
  );
}
