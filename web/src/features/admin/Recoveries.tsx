import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Recovery } from "@/api";
import { rich, t, Written } from "@/i18n";
import { Avatar, Button, List, ListRow, RelativeTime, Section } from "@/ui";
import { recoveriesQuery } from "./queries";
import { ResetLink } from "./ResetLink";

/** Who asked for help with their password; nothing when nobody did. */
export function Recoveries() {
  const recoveries = useQuery(recoveriesQuery);
  const items = recoveries.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={t("admin.recoveries")} description={t("admin.recoveriesDetail")}>
      <List label={t("admin.recoveries")}>
        {items.map((recovery) => (
          <RecoveryRow key={recovery.person.id} recovery={recovery} />
        ))}
      </List>
    </Section>
  );
}

function RecoveryRow({ recovery }: { readonly recovery: Recovery }) {
  const [making, setMaking] = useState(false);
  const { person, at_ms } = recovery;
  return (
    <>
      <ListRow
        leading={<Avatar id={person.id} name={person.name} />}
        title={<Written>{person.name}</Written>}
        detail={rich("admin.recoveryAsked", { handle: person.handle, when: <RelativeTime ms={at_ms} /> })}
        trailing={
          <Button size="s" onClick={() => setMaking(true)}>
            {t("admin.reset")}
          </Button>
        }
      />
      {making && <ResetLink id={person.id} name={person.name} onClose={() => setMaking(false)} />}
    </>
  );
}
