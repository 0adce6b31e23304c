import { Component, type ReactNode } from "react";
import { leaveFrame } from "@/boot/frame";
import { t } from "@/i18n";
import { Button, EmptyState } from "@/ui";
import { TriangleAlert } from "@/ui/icons";

interface Props {
  readonly children: ReactNode;
  /** Another value (another page, say) gives the content a new chance. */
  readonly resetKey?: string;
}

interface State {
  readonly failed: boolean;
  readonly resetKey: string | undefined;
}

/** What broke takes only its own part of the page along, and what was written stays where it is stored. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: false, resetKey: this.props.resetKey };

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { failed: false, resetKey: props.resetKey };
  }

  /** Without the app's composer, what one has typed is safe as a draft. */
  override componentDidCatch(): void {
    leaveFrame();
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <EmptyState
        icon={<TriangleAlert />}
        title={t("error.pageTitle")}
        action={
          <Button variant="primary" onClick={() => location.reload()}>
            {t("error.reload")}
          </Button>
        }
      >
        {t("error.pageDetail")}
      </EmptyState>
    );
  }
}
