import { screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { Code, session } from "@/api";
import { mara } from "@/test/people";
import { pretendServer, refusal } from "@/test/server";
import { show } from "@/test/show";
import { Account } from "./Account";
import { Profile } from "./Profile";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";

beforeEach(() => {
  session.left();
  session.entered(mara());
});

test("the profile sends only what was changed, and the app follows the answer", async () => {
  const asked = pretendServer(() => ({ body: mara({ name: "Mara L." }) }));
  show(<Profile />);
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Save" });
  expect(save.disabled).toBe(true);
  const name = screen.getByLabelText("Your name");
  await userEvent.clear(name);
  await userEvent.type(name, "  Mara L. ");
  await userEvent.click(save);
  await screen.findByText("Saved");
  expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
    ["PATCH", "/me", { name: "Mara L." }],
  ]);
  expect(session.get()).toMatchObject({ me: { name: "Mara L." } });
});

test("an emptied e-mail address is taken away, not sent as an empty one", async () => {
  const asked = pretendServer(() => ({ body: mara({ email: null }) }));
  show(<Profile />);
  await userEvent.clear(screen.getByLabelText(/E-mail address/));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findAllByText("Saved");
  expect(asked[0]?.body).toEqual({ email: null });
});

test("a wrong current password is said at its field, and the new one stays typed", async () => {
  pretendServer(() => refusal(403, Code.WrongPassword));
  show(<Account />);
  await userEvent.type(screen.getByLabelText("Current password"), "guess");
  await userEvent.type(screen.getByLabelText("New password"), "a better one");
  await userEvent.click(screen.getByRole("button", { name: "Change password" }));
  await screen.findByText("The current password is wrong.");
  expect(screen.getByLabelText("Current password").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByLabelText<HTMLInputElement>("New password").value).toBe("a better one");
});

test("all other sessions end after a question, and the list follows", async () => {
  const base = { address: "192.0.2.1", created_ms: 1, seen_ms: 1, expires_ms: 2 };
  let items = [
    { ...base, id: "s_1", label: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", current: true },
    { ...base, id: "s_2", label: "curl/8.5.0", current: false },
  ];
  pretendServer(({ method }) => {
    if (method === "DELETE") items = items.filter(({ current }) => current);
    return method === "DELETE" ? { status: 204 } : { body: { items } };
  });
  show(<Sessions />);
  await screen.findByText("curl");
  expect(screen.getByText("Firefox on Linux")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "End all others" }));
  expect(items).toHaveLength(2);
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "End them" }));
  await expect.poll(() => screen.queryByText("curl")).toBeNull();
  expect(screen.queryByRole("button", { name: "End all others" })).toBeNull();
});

test("a token's secret is shown once, and a lost answer makes no second token", async () => {
  let answered = false;
  const asked = pretendServer(({ method }) => {
    if (method === "GET") return { body: { items: [] } };
    if (!answered) {
      answered = true;
      return undefined;
    }
    const token = { id: "t_1", name: "CI", created_ms: 1, expires_ms: null, used_ms: null };
    return { status: 201, body: { ...token, secret: "lqt_shown_once" } };
  });
  show(<Tokens />);
  await userEvent.click(await screen.findByRole("button", { name: "New token" }));
  await userEvent.type(screen.getByLabelText("Name"), "CI{Enter}");
  await screen.findByText(/can't be reached/);
  await userEvent.click(screen.getByRole("button", { name: "Create token" }));
  expect((await screen.findByRole<HTMLInputElement>("textbox", { name: "Token" })).value).toBe(
    "lqt_shown_once",
  );
  const keys = asked
    .filter(({ method }) => method === "POST")
    .map(({ headers }) => headers.get("idempotency-key"));
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^\w{32}$/);
  expect(keys[1]).toBe(keys[0]);

  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  expect(document.body.innerHTML).not.toContain("lqt_shown_once");
});
