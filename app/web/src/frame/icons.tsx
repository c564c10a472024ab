import type { ReactNode } from "react";

const icon = (drawing: ReactNode) =>
  function Icon() {
    return (
      <svg
        width="18"
        height="18"
        viewBox="0 0 18 18"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
      >
        {drawing}
      </svg>
    );
  };

export const TicketsIcon = icon(
  <path d="M2.5 5h13v2.6a1.5 1.5 0 0 0 0 2.8V13h-13v-2.6a1.5 1.5 0 0 0 0-2.8zM10.5 5v8" />,
);
export const JobsIcon = icon(<path d="M2.5 4.5h13M2.5 9h8M2.5 13.5h10.5" />);
export const DashboardIcon = icon(<path d="M3 15V9M7 15V3M11 15V7M15 15v-4" />);
export const TrashIcon = icon(<path d="M3 5h12M7 5V3h4v2M4.5 5l.7 10h7.6l.7-10" />);
export const ImportIcon = icon(<path d="M9 2.5v8M5.5 7.5 9 11l3.5-3.5M3 12.5v3h12v-3" />);
export const AuditIcon = icon(<path d="M4 2.5h10v13H4zM6.5 6h5M6.5 9h5M6.5 12h3" />);
export const UsersIcon = icon(
  <path d="M9 9a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 9 9M3.5 15a5.5 5.5 0 0 1 11 0" />,
);
export const ContactsIcon = icon(
  <path d="M3.5 2.5h11v13h-11zM2 6h2.5M2 12h2.5M9 8.5a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2M6.2 12.5a2.9 2.9 0 0 1 5.6 0" />,
);
export const PoliciesIcon = icon(<path d="M9 15.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M9 5.5V9l2.5 1.5" />);
export const StockIcon = icon(
  <path d="M2.5 6 9 2.5 15.5 6v6.5L9 16l-6.5-3.5zM2.5 6 9 9.5 15.5 6M9 9.5V16" />,
);
export const WebhooksIcon = icon(<path d="M6.5 11.5 15 3M15 3l-5 12.5-3.5-4L2.5 8z" />);
export const OutboxIcon = icon(<path d="M2.5 4.5h13v9h-13zM2.5 5 9 10l6.5-5" />);
export const UserIcon = icon(
  <path d="M9 15.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M9 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5.5 13.5a4 4 0 0 1 7 0" />,
);
export const SearchIcon = icon(<path d="M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10M15 15l-3.4-3.4" />);
export const MoreIcon = icon(<path d="M4 9h.01M9 9h.01M14 9h.01" strokeWidth="2.5" />);
