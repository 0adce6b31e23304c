import createClient from "openapi-fetch";
import { sessionFetch } from "./fetch";
import { readProblem } from "./problem";
import type { paths } from "./schema";

/** The typed client of `/api/v1`: `api.GET("/rooms/{room}", { params })`. Use it through {@link call}. */
export const api = createClient<paths>({
  baseUrl: "/api/v1",
  fetch: sessionFetch,
  headers: { Accept: "application/json" },
});

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer's content; throws `ApiError` for a refusal and `OfflineError` when nothing came back. */
export async function call<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await answer;
  if (!response.ok) throw readProblem(response, error);
  return data as Data;
}
