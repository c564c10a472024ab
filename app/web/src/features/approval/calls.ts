import { answerOf, openApi, type Schemas } from "../../api/client";
import type { ApprovalLink, Verb } from "./link";

export type Asked = Schemas["AskedResponse"];

/** Return what a link asks about. */
export function readAsked({ token }: ApprovalLink): Promise<Asked> {
  return answerOf(openApi.GET("/api/approvals/{token}", { params: { path: { token } } }));
}

export function decide({ ticketId, token }: ApprovalLink, verb: Verb, reason: string): Promise<Asked> {
  const params = { path: { ticket_id: ticketId, token } };
  return answerOf(
    verb === "approve"
      ? openApi.POST("/api/tickets/{ticket_id}/approve/{token}", { params })
      : openApi.POST("/api/tickets/{ticket_id}/reject/{token}", { params, body: { reason } }),
  );
}
