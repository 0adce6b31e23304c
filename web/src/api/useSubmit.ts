import { type FormEvent, useRef, useState } from "react";
import { explain, explainFields } from "./explain";
import { SignedOutError } from "./problem";

export interface Submit {
  /** For the form's `onSubmit`. */
  readonly onSubmit: (event: FormEvent) => void;
  readonly busy: boolean;
  /** What to say about the whole form, when no field is to blame. */
  readonly error: string | undefined;
  /** What to say below single fields, by the API's names. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A form's way to the server: one request at a time, refusals explained beside the field that they are about. */
export function useSubmit(run: () => Promise<unknown>): Submit {
  const [busy, setBusy] = useState(false);
  // Two presses of a key can come before the first is rendered.
  const running = useRef(false);
  const [error, setError] = useState<string>();
  const [fields, setFields] = useState<Record<string, string>>({});

  async function submit() {
    running.current = true;
    setBusy(true);
    setError(undefined);
    setFields({});
    try {
      await run();
    } catch (failure) {
      if (failure instanceof SignedOutError) return;
      const said = explainFields(failure);
      setFields(said);
      if (Object.keys(said).length === 0) setError(explain(failure));
    } finally {
      running.current = false;
      setBusy(false);
    }
  }

  return {
    busy,
    error,
    fields,
    onSubmit(event) {
      event.preventDefault();
      if (!running.current) void submit();
    },
  };
}
