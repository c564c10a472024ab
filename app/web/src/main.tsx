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

applyColorScheme();
const link = takeLink();
if (!link) {
  fetchEarly();
  session.start();
}
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Suspense fallback={<StartingPage />}>{link ? <ApprovalPage link={link} /> : <Gate />}</Suspense>
    </StrictMode>,
  );
}
