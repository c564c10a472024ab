import { useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import { meQuery } from "../../api/me";
import { session } from "../../api/session";

export function useChangeMe() {
  return useMutation({
    mutationFn: (body: Schemas["PatchMe"]) => answerOf(api.PATCH("/api/me", { body })),
    onSuccess: (me) => {
      cache.setQueryData(meQuery.queryKey, me);
      void cache.invalidateQueries({ queryKey: ["users"] });
    },
  });
}

/** Change one's password; the tokens there were are void then, so the session gets another one at once. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (body: Schemas["ChangePassword"]) => answerOf(api.POST("/api/me/password", { body })),
    onSuccess: () => session.renew(),
  });
}
