import { useState } from "react";
import {
  Button,
  CopyField,
  IconButton,
  Kbd,
  PasswordField,
  Section,
  SelectField,
  Switch,
  TextAreaField,
  TextField,
} from "@/ui";
import { Plus, Search, Settings, Trash2 } from "@/ui/icons";
import styles from "./kit.module.css";

const VARIANTS = ["primary", "secondary", "quiet", "danger", "danger-quiet"] as const;

export function Controls() {
  const [text, setText] = useState("Mara Lindqvist");
  const [zone, setZone] = useState("b");
  const [on, setOn] = useState(true);
  return (
    <>
      <Section title="Buttons">
        <div className={styles["row"]}>
          {VARIANTS.map((variant) => (
            <Button key={variant} variant={variant} icon={<Plus size={16} aria-hidden />}>
              {variant}
            </Button>
          ))}
        </div>
        <div className={styles["row"]}>
          {VARIANTS.map((variant) => (
            <Button key={variant} variant={variant} size="s">
              {variant}
            </Button>
          ))}
        </div>
        <div className={styles["row"]}>
          <Button variant="primary" busy>
            Busy
          </Button>
          <Button disabled>Disabled</Button>
          <IconButton label="Settings" icon={<Settings size={18} aria-hidden />} keys={["Mod", ","]} />
          <IconButton label="Delete" size="s" icon={<Trash2 size={16} aria-hidden />} />
          <Kbd keys={["Mod", "K"]} />
        </div>
      </Section>
      <Section title="Fields">
        <div className={styles["grid"]}>
          <TextField label="Name" value={text} onChange={setText} hint="As others see it." />
          <TextField
            label="Handle"
            value={text}
            onChange={setText}
            leading="@"
            error="This handle is taken."
          />
          <TextField
            label="Search"
            labelHidden
            placeholder="Search"
            value=""
            onChange={setText}
            leading={<Search size={16} aria-hidden />}
          />
          <PasswordField label="Password" value="correct horse" onChange={() => undefined} />
          <SelectField
            label="Time zone"
            optional
            value={zone}
            onChange={setZone}
            options={[
              { value: "a", label: "Asia/Tokyo" },
              { value: "b", label: "Europe/Berlin" },
            ]}
          />
          <TextField label="Disabled" value="Can't change" onChange={setText} disabled />
          <TextAreaField label="Topic" value={text} onChange={setText} />
          <Switch label="With a sound" hint="Only while you look away." checked={on} onChange={setOn} />
        </div>
        <CopyField label="Link" value="http://127.0.0.1:8080/join/Yb3kQ0vXn8LmWc5TzRj1HsPd9GaFe7" />
      </Section>
    </>
  );
}
