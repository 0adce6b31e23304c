import { Written } from "@/i18n";
import { Avatar, Button, List, ListRow, RelativeTime, Section, Tag } from "@/ui";
import styles from "./kit.module.css";

const NAMES = [
  "Mara Lindqvist",
  "Tomás Herrera",
  "نور الهدى",
  "李小龍",
  "Sam 👩‍🚀",
  "Zoë Müller",
  "x",
  "Priya Raman",
];

export function People() {
  return (
    <>
      <Section title="Avatars">
        <div className={styles["row"]}>
          {Array.from({ length: 14 }, (_, index) => (
            <Avatar
              key={NAMES[index] ?? `n${index}`}
              id={`p_${index * 31}`}
              name={NAMES[index % NAMES.length] ?? ""}
              presence={(["online", "away", "offline", undefined] as const)[index % 4]}
            />
          ))}
        </div>
        <div className={styles["row"]}>
          {(["xs", "s", "m", "l", "xl"] as const).map((size) => (
            <Avatar key={size} id="p_7" name="Mara Lindqvist" size={size} presence="online" />
          ))}
          <Avatar id="p_1" name="Gone Away" faded size="l" />
        </div>
      </Section>
      <Section title="List" description="Rows in settings and the like.">
        <List label="People">
          {NAMES.map((name, index) => (
            <ListRow
              key={name}
              faded={index === 5}
              leading={
                <Avatar id={`p_${index}`} name={name} presence={index % 2 === 0 ? "online" : undefined} />
              }
              title={
                <>
                  <Written>{name}</Written>
                  {index === 0 && <Tag tone="leaf">Administrator</Tag>}
                </>
              }
              detail={<RelativeTime ms={Date.now() - index * 4_000_000} />}
              trailing={
                <Button size="s" variant="danger-quiet">
                  End
                </Button>
              }
            />
          ))}
        </List>
      </Section>
    </>
  );
}
