import { screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { type AdminPerson, Code, session } from "@/api";
import { mara } from "@/test/people";
import { type Asked, pretendServer, refusal } from "@/test/server";
import { show } from "@/test/show";
import Admin from "./Admin";
import { Keys } from "./Keys";
import { NewKey } from "./NewKey";
import { People } from "./People";

const administrator = mara({ role: "administrator" });

function account(change: Partial<AdminPerson>): AdminPerson {
  return { ...mara(), deactivated_ms: null, sessions: 1, ...change };
}

const tomas = account({ id: "p_tomastomastomast", handle: "tomas", name: "Tomás Herrera" });

beforeEach(() => {
  session.left();
  session.entered(administrator);
});

/** A server with two people; changes are kept. */
function server(answer: (asked: Asked) => ReturnType<typeof refusal> | undefined = () => undefined) {
  const people = [account(administrator), { ...tomas }];
  return pretendServer((asked) => {
    const refused = answer(asked);
    if (refused !== undefined) return refused;
    if (asked.path === "/admin/recoveries") return { body: { items: [] } };
    if (asked.method === "PATCH") {
      const person = people.find(({ id }) => asked.path.endsWith(id));
      return { body: Object.assign(person ?? {}, asked.body) };
    }
    return { body: { items: people, next: null } };
  });
}

async function choose(item: string) {
  await userEvent.click(await screen.findByRole("button", { name: "What you can do about Tomás Herrera" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: item }));
}

test("a member gets no administrator's page", () => {
  session.entered(mara());
  pretendServer(() => refusal(403, Code.NotAdministrator));
  show(<Admin params={{}} />);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("There is nothing here");
});

test("deactivating asks first, and the row then says so", async () => {
  const asked = server();
  show(<People />);
  await choose("Deactivate");
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("Deactivate Tomás Herrera?");
  expect(asked.some(({ method }) => method === "PATCH")).toBe(false);
  await userEvent.click(within(dialog).getByRole("button", { name: "Deactivate" }));
  expect(await screen.findByText("Deactivated")).toBeTruthy();
  expect(asked.find(({ method }) => method === "PATCH")?.body).toEqual({ deactivated: true });
});

test("a refusal is said, and the question stays open", async () => {
  server(({ method }) => (method === "PATCH" ? refusal(409, Code.LastAdministrator) : undefined));
  show(<People />);
  await choose("Make an administrator");
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Make an administrator" }));
  expect(await screen.findByText("The server needs at least one active administrator.")).toBeTruthy();
  expect(screen.getByRole("dialog")).toBeTruthy();
});

test("one can't take one's own role or account away by accident", async () => {
  server();
  show(<People />);
  await userEvent.click(await screen.findByRole("button", { name: "What you can do about Mara Lindqvist" }));
  const item = await screen.findByRole("menuitem", { name: "Deactivate" });
  expect(item.getAttribute("aria-disabled")).toBe("true");
});

test("a capability that is no JSON object is refused before anything is sent", async () => {
  const asked = server();
  show(<NewKey onClose={() => undefined} />);
  const field = screen.getByLabelText("Capability");
  await userEvent.clear(field);
  await userEvent.type(field, "[[1]");
  await userEvent.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByText("This is no JSON object.")).toBeTruthy();
  expect(asked).toHaveLength(0);
});

test("where no key was made, it is said that the configuration may have one", async () => {
  session.entered(administrator);
  pretendServer(() => ({ body: { items: [] } }));
  show(<Keys />);
  await screen.findByText("No keys made here");
  screen.getByText(/root key, if the server's configuration has one, works all the same/);
});
