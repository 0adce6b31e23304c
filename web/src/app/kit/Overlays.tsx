import { useState } from "react";
import {
  Button,
  ConfirmDialog,
  Dialog,
  IconButton,
  Menu,
  MenuChoice,
  MenuItem,
  MenuSeparator,
  Popover,
  Section,
  Tabs,
  TextField,
} from "@/ui";
import { Ellipsis, Pencil, Trash2 } from "@/ui/icons";
import styles from "./kit.module.css";

type Open = "dialog" | "confirm" | "bare" | undefined;

export function Overlays() {
  const [open, setOpen] = useState<Open>();
  const [tab, setTab] = useState<"one" | "two">("one");
  const [choice, setChoice] = useState("a");
  const close = () => setOpen(undefined);
  return (
    <>
      <Section title="Overlays">
        <div className={styles["row"]}>
          <Button onClick={() => setOpen("dialog")}>Dialog</Button>
          <Button onClick={() => setOpen("confirm")}>Confirm</Button>
          <Button onClick={() => setOpen("bare")}>Bare</Button>
          <Menu
            trigger={<IconButton label="More" tooltip={false} icon={<Ellipsis size={18} aria-hidden />} />}
          >
            <MenuItem icon={<Pencil size={16} aria-hidden />} onSelect={() => undefined}>
              Edit
            </MenuItem>
            <MenuChoice
              label="Order"
              value={choice}
              onChange={setChoice}
              options={[
                { value: "a", label: "By name" },
                { value: "b", label: "By activity" },
              ]}
            />
            <MenuSeparator />
            <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onSelect={() => undefined}>
              Delete
            </MenuItem>
          </Menu>
          <Popover label="About" trigger={<Button>Popover</Button>}>
            A small card beside a button.
          </Popover>
        </div>
      </Section>
      <Section title="Tabs">
        <Tabs
          label="Tabs"
          value={tab}
          onChange={setTab}
          tabs={[
            { value: "one", label: "About", content: "What the room is for." },
            { value: "two", label: "Members", content: "Who is in it." },
          ]}
        />
      </Section>
      <Dialog
        open={open === "dialog"}
        onClose={close}
        title="New room"
        description="Where a few people talk about one thing."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" onClick={close}>
              Create
            </Button>
          </>
        }
      >
        <TextField label="Name" value="" onChange={() => undefined} />
      </Dialog>
      <Dialog open={open === "bare"} onClose={close} title="Go to" bare>
        <TextField label="Go to" labelHidden value="" onChange={() => undefined} />
      </Dialog>
      <ConfirmDialog
        open={open === "confirm"}
        danger
        title="Revoke “Deploy bot”?"
        confirm="Revoke"
        onConfirm={() => Promise.resolve()}
        onClose={close}
      >
        Scripts that use it are refused from then on. This can't be undone.
      </ConfirmDialog>
    </>
  );
}
