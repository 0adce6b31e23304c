import { useMutation, useQuery } from "@tanstack/react-query";
import { ApiError, api, Code, call, explain, OfflineError, useSession } from "@/api";
import { Link, navigate, type RouteParams, to } from "@/app/router";
import { rich, t, Written } from "@/i18n";
import { Banner, Button, EmptyState, ErrorState, LoadingState, RelativeTime } from "@/ui";
import { Link as LinkIcon } from "@/ui/icons";
import styles from "./Join.module.css";
import { SessionPage } from "./SessionPage";

/** An invitation: who invites, to what, and the way in. */
export default function Join({ params }: { readonly params: RouteParams }) {
  const code = params["code"] ?? "";
  const path = { code };
  const invitation = useQuery({
    queryKey: ["invitation", code],
    queryFn: () => call(api.GET("/invitations/{code}", { params: { path } })),
    retry: (failures, error) => failures < 2 && !(error instanceof ApiError),
  });

  if (invitation.isPending) return <LoadingState />;
  if (invitation.isError)
    return <Refused error={invitation.error} onRetry={() => void invitation.refetch()} />;
  const { room_name, inviter_name, admits_sign_up, expires_ms } = invitation.data;
  const inviter = <Written className={styles["name"]}>{inviter_name}</Written>;
  return (
    <SessionPage
      title={t("session.joinTitle")}
      description={
        room_name === null
          ? rich("session.joinServer", { inviter })
          : rich("session.joinRoom", {
              inviter,
              room: <Written className={styles["name"]}>{room_name}</Written>,
            })
      }
      footer={
        expires_ms !== null && (
          <span>{rich("session.joinExpires", { when: <RelativeTime ms={expires_ms} /> })}</span>
        )
      }
    >
      <WayIn code={code} toRoom={room_name !== null} admitsSignUp={admits_sign_up} />
    </SessionPage>
  );
}

interface WayInProps {
  readonly code: string;
  /** Whether it leads into a room, rather than to the server alone. */
  readonly toRoom: boolean;
  readonly admitsSignUp: boolean;
}

function WayIn({ code, toRoom, admitsSignUp }: WayInProps) {
  const signedIn = useSession().state === "in";
  if (signedIn && toRoom) return <Accept code={code} />;
  if (signedIn) {
    return (
      <Button variant="primary" wide onClick={() => navigate(to.home(), { replace: true })}>
        {t("session.joinGoIn")}
      </Button>
    );
  }
  return (
    <div className={styles["ways"]}>
      {admitsSignUp && (
        <Button variant="primary" wide onClick={() => navigate(to.signUp(code))}>
          {t("session.joinSignUp")}
        </Button>
      )}
      <Button
        variant={admitsSignUp ? "secondary" : "primary"}
        wide
        onClick={() => navigate(`${to.signIn()}#${to.join(code)}`)}
      >
        {t("session.joinSignIn")}
      </Button>
    </div>
  );
}

function Accept({ code }: { readonly code: string }) {
  const path = { code };
  const accept = useMutation({
    mutationFn: () => call(api.POST("/invitations/{code}/accept", { params: { path } })),
    onSuccess: ({ room }) => navigate(room == null ? to.home() : to.room(room), { replace: true }),
  });
  return (
    <div className={styles["ways"]}>
      {accept.isError && <Banner tone="danger">{reason(accept.error)}</Banner>}
      <Button variant="primary" wide autoFocus busy={accept.isPending} onClick={() => accept.mutate()}>
        {t("session.joinAccept")}
      </Button>
      <Button variant="quiet" wide onClick={() => navigate(to.home())}>
        {t("session.joinLater")}
      </Button>
    </div>
  );
}

/** Whoever isn't in the room yet can't read it either, archived or not. */
function reason(error: unknown): string {
  const archived = error instanceof ApiError && error.code === Code.RoomArchived;
  return archived ? t("session.joinArchived") : explain(error);
}

function Refused({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const offline = error instanceof OfflineError;
  return (
    <SessionPage
      title={t("session.joinRefusedTitle")}
      footer={<Link to={to.home()}>{t("session.joinGoIn")}</Link>}
    >
      {error instanceof ApiError ? (
        <EmptyState compact icon={<LinkIcon />} title={t("session.joinRefused")}>
          {reason(error)}
        </EmptyState>
      ) : (
        <ErrorState
          compact
          title={t("shell.unreachable")}
          detail={explain(error)}
          offline={offline}
          onRetry={onRetry}
        />
      )}
    </SessionPage>
  );
}
