import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { api, Code, call, session } from "@/api";
import { navigate } from "@/app/router";
import { mara } from "@/test/people";
import { type Answer, pretendServer, refusal } from "@/test/server";
import { show } from "@/test/show";
import { suggestHandle } from "./AccountFields";
import Join from "./Join";
import SignIn from "./SignIn";
import { SignInAgain } from "./SignInAgain";
import SignUp from "./SignUp";

const server = { name: "Loquat", version: "1", sign_up: "invitation", needs_setup: false };

beforeEach(() => {
  session.left();
  navigate("/", { replace: true });
});

test("a wrong password is said once, and what was typed stays", async () => {
  pretendServer(({ path }) => (path === "/server" ? { body: server } : refusal(401, Code.WrongLogin)));
  show(<SignIn />);
  await userEvent.type(screen.getByLabelText("Handle or e-mail address"), "mara");
  await userEvent.type(screen.getByLabelText("Password"), "guess");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Handle, e-mail address or password is wrong.");
  expect(screen.getByLabelText<HTMLInputElement>("Handle or e-mail address").value).toBe("mara");
  expect(session.get().state).toBe("out");
});

test("two presses of Enter send one request", async () => {
  let say: (answer: Answer) => void = () => undefined;
  const answered = new Promise<Answer>((resolve) => {
    say = resolve;
  });
  const asked = pretendServer(({ path }) => (path === "/server" ? { body: server } : answered));
  show(<SignIn />);
  await userEvent.type(screen.getByLabelText("Handle or e-mail address"), "mara");
  await userEvent.type(screen.getByLabelText("Password"), "right{Enter}{Enter}");
  say({ body: { person: mara() } });
  await expect.poll(() => session.get().state).toBe("in");
  expect(asked.filter(({ path }) => path === "/sign-in")).toHaveLength(1);
});

describe("sign-up", () => {
  test("without an invitation there is no form where one is needed", async () => {
    pretendServer(() => ({ body: server }));
    show(<SignUp />);
    expect(await screen.findByText("You need an invitation")).toBeTruthy();
    expect(screen.queryByLabelText("Your name")).toBeNull();
  });

  test("the invitation goes along, and a taken handle is said below its field", async () => {
    navigate("/sign-up#the-code", { replace: true });
    const asked = pretendServer(({ path }) =>
      path === "/server" ? { body: server } : refusal(409, Code.HandleTaken),
    );
    show(<SignUp />);
    await userEvent.type(await screen.findByLabelText("Your name"), "Zoë Müller");
    await userEvent.type(screen.getByLabelText("Password"), "long enough");
    await userEvent.click(screen.getByRole("button", { name: "Create account" }));

    const handle = screen.getByLabelText<HTMLInputElement>("Handle");
    await expect.poll(() => handle.getAttribute("aria-invalid")).toBe("true");
    const described = document.getElementById(handle.getAttribute("aria-describedby") ?? "");
    expect(described?.textContent).toBe("This handle is taken. Try another one.");
    // Its lines are kept, so that nothing below moves.
    const hint = screen.getByText(/^How others mention you/);
    expect(hint.getAttribute("aria-hidden")).toBe("true");
    expect(asked.at(-1)?.body).toEqual({
      name: "Zoë Müller",
      handle: "zoe.muller",
      password: "long enough",
      invitation: "the-code",
    });
  });

  test.each([
    ["Zoë Müller", "zoe.muller"],
    ["  Ada   King ", "ada.king"],
    ["李小龍", ""],
    ["x".repeat(40), "x".repeat(32)],
    [`${"y".repeat(31)} z`, "y".repeat(31)],
  ])("the handle suggested for %j is %j", (name, handle) => {
    expect(suggestHandle(name)).toBe(handle);
  });
});

test("an invitation that is over says so, and offers no way in", async () => {
  pretendServer(() => refusal(410, Code.InvitationExpired));
  show(<Join params={{ code: "old" }} />);
  expect(await screen.findByText("This invitation has expired. Ask for a new one.")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("an invitation to an archived room doesn't promise that it can be read", async () => {
  pretendServer(() => refusal(409, Code.RoomArchived));
  show(<Join params={{ code: "old" }} />);
  expect(await screen.findByText(/The room that it leads to is archived/)).toBeTruthy();
  expect(screen.queryByText(/can be read/)).toBeNull();
});

test("when the session ends, the dialog asks for the password alone and the work goes on", async () => {
  let known = false;
  const asked = pretendServer(({ path }) => {
    if (path === "/sign-in") known = true;
    return known
      ? { body: path === "/sign-in" ? { person: mara() } : mara() }
      : refusal(401, Code.SessionMissing);
  });
  session.entered(mara());
  show(<SignInAgain />);
  expect(screen.queryByRole("dialog")).toBeNull();
  const work = call(api.PATCH("/me", { body: { name: "typed before" } }));

  expect((await screen.findByRole("dialog")).textContent).toContain("Mara Lindqvist");
  await userEvent.keyboard("{Escape}");
  await userEvent.type(screen.getByLabelText("Password"), "right{Enter}");
  await work;
  expect(asked.find(({ path }) => path === "/sign-in")?.body).toEqual({ login: "mara", password: "right" });
  expect(asked.at(-1)?.body).toEqual({ name: "typed before" });
  expect(screen.queryByRole("dialog")).toBeNull();
});
