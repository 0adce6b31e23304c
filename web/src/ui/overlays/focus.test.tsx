import { render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { Dialog } from "./Dialog";
import { Menu, MenuItem } from "./Menu";

function Page() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Menu trigger={<button type="button">More</button>}>
        <MenuItem onSelect={() => setOpen(true)}>Rename</MenuItem>
      </Menu>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {open && (
        <Dialog open title="Rename the room" onClose={() => setOpen(false)}>
          {/* The hard case: the field has the focus before Radix looks for it. */}
          <input aria-label="Name" autoFocus />
        </Dialog>
      )}
    </>
  );
}

test("a dialog takes focus to its first field, and gives it back to what opened it", async () => {
  render(<Page />);
  await userEvent.click(screen.getByRole("button", { name: "Open" }));
  expect(document.activeElement).toBe(screen.getByLabelText("Name"));
  await userEvent.keyboard("{Escape}");
  await expect.poll(() => document.activeElement?.textContent).toBe("Open");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a dialog that a menu opened gives focus back to the menu's button", async () => {
  render(<Page />);
  screen.getByRole("button", { name: "More" }).focus();
  await userEvent.keyboard("{Enter}{Enter}");
  await screen.findByRole("dialog");
  await expect.poll(() => document.activeElement).toBe(screen.getByLabelText("Name"));
  await userEvent.keyboard("{Escape}");
  await expect.poll(() => document.activeElement?.textContent).toBe("More");
});
