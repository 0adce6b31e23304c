import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { Toasts, TooltipProvider } from "@/ui";

/** Shows a screen with everything around it that the app provides. */
export function show(content: ReactNode): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <TooltipProvider>
        {content}
        <Toasts />
      </TooltipProvider>
    </QueryClientProvider>,
  );
}
