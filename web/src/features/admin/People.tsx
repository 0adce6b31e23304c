import { useDeferredValue, useState } from "react";
import { api, call } from "@/api";
import { More } from "@/app/layout/More";
import { Page } from "@/app/layout/Page";
import { QueryView } from "@/app/layout/QueryView";
import { to } from "@/app/router";
import { usePaged } from "@/app/usePaged";
import { t } from "@/i18n";
import { EmptyState, List, Section, TextField } from "@/ui";
import { Search, Users } from "@/ui/icons";
import styles from "./admin.module.css";
import { PersonRow } from "./PersonRow";
import { Recoveries } from "./Recoveries";

export const PEOPLE = ["admin", "people"];

function usePeople(prefix: string) {
  return usePaged([...PEOPLE, prefix], (page) => {
    const query = { ...page, ...(prefix === "" ? {} : { prefix }) };
    return call(api.GET("/admin/people", { params: { query } }));
  });
}

/** Everybody on the server: who they are, and what an administrator can do for or about them. */
export function People() {
  const [typed, setTyped] = useState("");
  const prefix = useDeferredValue(typed.trim());
  const people = usePeople(prefix);

  return (
    <Page title={t("admin.people")} back={to.admin()}>
      <Recoveries />
      <Section title={t("admin.peopleAll")}>
        <div className={styles["search"]}>
          <TextField
            label={t("admin.peopleSearch")}
            labelHidden
            placeholder={t("admin.peopleSearch")}
            type="search"
            value={typed}
            onChange={setTyped}
            leading={<Search size={16} aria-hidden />}
            autoComplete="off"
          />
          <QueryView query={people}>
            {(items) =>
              items.length === 0 ? (
                <EmptyState compact icon={<Users />} title={t("admin.peopleNone")}>
                  {t("admin.peopleNoneDetail")}
                </EmptyState>
              ) : (
                <List label={t("admin.people")}>
                  {items.map((person) => (
                    <PersonRow key={person.id} person={person} />
                  ))}
                </List>
              )
            }
          </QueryView>
        </div>
        <More list={people} />
      </Section>
    </Page>
  );
}
