import {
  Banner,
  Button,
  CountBadge,
  EmptyState,
  ErrorState,
  Section,
  SkeletonRows,
  Spinner,
  Tag,
  toast,
} from "@/ui";
import { MessagesSquare } from "@/ui/icons";
import styles from "./kit.module.css";

export function Feedback() {
  return (
    <>
      <Section title="Banners">
        <Banner>Reconnecting…</Banner>
        <Banner tone="good">Your new password is set.</Banner>
        <Banner tone="warning" title="This server is new" onDismiss={() => undefined}>
          Open the set-up link that it printed when it started.
        </Banner>
        <Banner tone="danger" action={<Button size="s">Try again</Button>}>
          Handle or password is wrong.
        </Banner>
      </Section>
      <Section title="Badges">
        <div className={styles["row"]}>
          <CountBadge count={3} label="3 unread" />
          <CountBadge count={1204} label="1204 unread" />
          <CountBadge count={2} label="2 mentions" tone="apricot" />
          <CountBadge count={7} label="7" tone="quiet" />
          <Tag>You</Tag>
          <Tag tone="leaf">Administrator</Tag>
          <Tag tone="apricot">Read-only</Tag>
          <Tag tone="berry">Deactivated</Tag>
          <Spinner />
        </div>
      </Section>
      <Section title="Toasts">
        <div className={styles["row"]}>
          <Button onClick={() => toast("Saved", { tone: "good" })}>Good</Button>
          <Button
            onClick={() => toast("Message deleted", { action: { label: "Undo", run: () => undefined } })}
          >
            With an action
          </Button>
          <Button onClick={() => toast("The server can't be reached.", { tone: "danger" })}>Danger</Button>
        </div>
      </Section>
      <Section title="States">
        <div className={styles["grid"]}>
          <div className={styles["box"]}>
            <EmptyState icon={<MessagesSquare />} title="No rooms yet" action={<Button>New room</Button>}>
              Make the first one, and invite somebody.
            </EmptyState>
          </div>
          <div className={styles["box"]}>
            <ErrorState
              title="This couldn't be loaded"
              detail="The server had a problem."
              onRetry={() => undefined}
            />
          </div>
          <div className={styles["box"]}>
            <SkeletonRows count={4} />
          </div>
        </div>
      </Section>
    </>
  );
}
