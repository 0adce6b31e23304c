import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { explain, OfflineError, SignedOutError } from "@/api";
import { t } from "@/i18n";
import { ErrorState, SkeletonRows } from "@/ui";

interface Props<Data> {
  readonly query: UseQueryResult<Data>;
  /** What stands in for the content until it is there. */
  readonly loading?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** What a query brought, or its wait, or what went wrong. Data that is there stays, however old it is. */
export function QueryView<Data>({ query, loading, children }: Props<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError && !(query.error instanceof SignedOutError)) {
    return (
      <ErrorState
        compact
        title={t("error.notLoaded")}
        detail={explain(query.error)}
        offline={query.error instanceof OfflineError}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return loading ?? <SkeletonRows />;
}
