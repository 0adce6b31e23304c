import { useQuery } from "@tanstack/react-query";
import { explain, type Stats } from "@/api";
import { Page } from "@/app/layout/Page";
import { QueryView } from "@/app/layout/QueryView";
import { to } from "@/app/router";
import { formatDuration, formatNumber, t } from "@/i18n";
import { Banner, Section, SkeletonLine } from "@/ui";
import styles from "./admin.module.css";
import { statsQuery } from "./queries";
import { Sparkline } from "./Sparkline";
import { useTrail } from "./useTrail";

/** What the server is doing right now. */
export function Overview() {
  const stats = useQuery(statsQuery);
  return (
    <Page title={t("admin.overview")} back={to.admin()}>
      <Section title={t("admin.live")} description={t("admin.liveDetail")}>
        {stats.isError && stats.data !== undefined && (
          <Banner tone="warning">{t("admin.liveStale", { reason: explain(stats.error) })}</Banner>
        )}
        <QueryView query={stats} loading={<Loading />}>
          {(data) => <Tiles stats={data} at_ms={stats.dataUpdatedAt} />}
        </QueryView>
      </Section>
    </Page>
  );
}

function Tiles({ stats, at_ms }: { readonly stats: Stats; readonly at_ms: number }) {
  const connections = useTrail(stats.connections, at_ms);
  const messages = useTrail(stats.messages_per_second, at_ms);
  const rate = Math.round(stats.messages_per_second * 10) / 10;
  return (
    <dl className={styles["tiles"]}>
      <Tile wide label={t("admin.connections")} value={formatNumber(stats.connections)} trail={connections} />
      <Tile wide label={t("admin.messagesPerSecond")} value={formatNumber(rate)} trail={messages} />
      <Tile label={t("admin.channels")} value={formatNumber(stats.channels)} />
      <Tile label={t("admin.people")} value={formatNumber(stats.people)} />
      <Tile label={t("admin.rooms")} value={formatNumber(stats.rooms)} />
      <Tile label={t("admin.uptime")} value={formatDuration(stats.uptime_ms)} />
    </dl>
  );
}

interface TileProps {
  readonly label: string;
  readonly value: string;
  readonly trail?: readonly number[];
  readonly wide?: boolean;
}

function Tile({ label, value, trail, wide = false }: TileProps) {
  return (
    <div className={styles["tile"]} data-wide={wide || undefined}>
      <dt className={styles["tileLabel"]}>{label}</dt>
      <dd className={styles["tileValue"]}>{value}</dd>
      {trail !== undefined && <Sparkline values={trail} />}
    </div>
  );
}

function Loading() {
  return (
    <div className={styles["tiles"]}>
      {["a", "b", "c", "d", "e", "f"].map((name, index) => (
        <div key={name} className={styles["tile"]} data-wide={index < 2 || undefined}>
          <SkeletonLine width="medium" />
          <SkeletonLine width="short" />
        </div>
      ))}
    </div>
  );
}
