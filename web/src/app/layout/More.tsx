import { t } from "@/i18n";
import { Button } from "@/ui";
import styles from "./More.module.css";

interface Props {
  readonly list: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

/** The way to the next page of a list, while there is one. */
export function More({ list }: Props) {
  if (!list.hasNextPage) return null;
  return (
    <div className={styles["more"]}>
      <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t("common.loadMore")}
      </Button>
    </div>
  );
}
