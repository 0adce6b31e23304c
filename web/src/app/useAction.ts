import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { explain, SignedOutError } from "@/api";
import { toast } from "@/ui";

/** Something that a button does on the server: failures are said in a toast, `renews` is asked for again. */
export function useAction<Input = void, Output = unknown>(
  run: (input: Input) => Promise<Output>,
  renews: QueryKey,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onError: (error) => {
      if (!(error instanceof SignedOutError)) toast(explain(error), { tone: "danger" });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: renews }),
  });
}
