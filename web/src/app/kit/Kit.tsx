import { useState } from "react";
import { Logo, SegmentedControl } from "@/ui";
import { setTheme, type Theme, useTheme } from "../theme";
import { useTitle } from "../title";
import { Colors } from "./Colors";
import { Controls } from "./Controls";
import { Feedback } from "./Feedback";
import styles from "./kit.module.css";
import { Overlays } from "./Overlays";
import { People } from "./People";

const PARTS = { Controls, Feedback, People, Overlays, Colors };
type Part = keyof typeof PARTS;

/** Everything in the kit, to look at. On the development server only. */
export default function Kit() {
  useTitle("Kit");
  const theme = useTheme();
  const [part, setPart] = useState<Part>("Controls");
  const Shown = PARTS[part];
  return (
    <div className={styles["scroll"]}>
      <div className={styles["page"]}>
        <header className={styles["row"]}>
          <Logo />
          <SegmentedControl<Part>
            label="Part"
            value={part}
            onChange={setPart}
            segments={(Object.keys(PARTS) as Part[]).map((value) => ({ value, label: value }))}
          />
          <SegmentedControl<Theme>
            label="Theme"
            value={theme}
            onChange={setTheme}
            segments={[
              { value: "system", label: "System" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
          />
        </header>
        <Shown />
      </div>
    </div>
  );
}
