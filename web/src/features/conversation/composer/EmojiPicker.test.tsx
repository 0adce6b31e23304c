import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { EmojiPicker } from "./EmojiPicker";

describe("the emoji picker", () => {
  it("finds by name and takes by key", async () => {
    const take = vi.fn();
    render(<EmojiPicker onTake={take} onReact={vi.fn()} />);
    const search = screen.getByRole("combobox", { name: "Find an emoji" });
    await userEvent.type(search, "tada");
    expect(document.activeElement).toBe(search);
    const found = await screen.findByRole("option", { name: "tada" });
    expect(search.getAttribute("aria-activedescendant")).toBe(found.id);
    await userEvent.type(search, "{Enter}");
    expect(take).toHaveBeenCalledWith("🎉");
  });

  it("goes through a category with the arrows, and stays within it", async () => {
    const take = vi.fn();
    render(<EmojiPicker onTake={take} onReact={vi.fn()} />);
    const search = screen.getByRole("combobox");
    await userEvent.click(screen.getByRole("button", { name: "Food and drink" }));
    await screen.findByRole("option", { name: "grapes" });
    const options = () => screen.getAllByRole("option");
    await userEvent.type(search, "{ArrowLeft}{ArrowRight}{ArrowDown}{ArrowUp}{ArrowUp}{ArrowRight}");
    expect(options().findIndex((one) => one.getAttribute("aria-selected") === "true")).toBe(2);
    await userEvent.type(search, "{Enter}");
    expect(take).toHaveBeenCalledWith(options()[2]?.textContent);
  });

  it("says when there is none", async () => {
    render(<EmojiPicker onTake={vi.fn()} onReact={vi.fn()} />);
    await userEvent.type(screen.getByRole("combobox"), "qqqq");
    await waitFor(() => expect(screen.queryAllByRole("option")).toEqual([]));
    expect(screen.getByText("No emoji of that name")).toBeDefined();
  });

  it("reacts in place of writing", async () => {
    const [take, react] = [vi.fn(), vi.fn()];
    render(<EmojiPicker onTake={take} onReact={react} />);
    await userEvent.click(screen.getByRole("button", { name: "React with 🎉" }));
    expect(react).toHaveBeenCalledWith("🎉");
    expect(take).not.toHaveBeenCalled();
  });
});
