import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { pretendServer } from "@/test/server";
import { show } from "@/test/show";
import { usePasswordHint } from "./usePasswordHint";

function Hint() {
  return <p>{usePasswordHint()}</p>;
}

describe("the hint below a new password", () => {
  it("says what this server asks for", async () => {
    pretendServer(() => ({ body: { password_bytes_min: 14 } }));
    show(<Hint />);
    expect(await screen.findByText(/^At least 14 characters\./)).toBeDefined();
  });

  it("says what is usual while nobody knows better", () => {
    pretendServer(() => ({ body: {} }));
    show(<Hint />);
    expect(screen.getByText(/^At least 10 characters\./)).toBeDefined();
  });
});
