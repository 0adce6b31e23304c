import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, explain } from "@/api";
import { rich, t } from "@/i18n";
import { Banner, Button, CopyField, Dialog, RelativeTime } from "@/ui";
import { recoveriesQuery } from "./queries";

interface Props {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Makes the link with which a person chooses a new password, for the administrator to hand over. */
export function ResetLink({ id, name, onClose }: Props) {
  const queries = useQueryClient();
  const path = { person: id };
  const make = useMutation({
    mutationFn: () => call(api.POST("/admin/people/{person}/reset", { params: { path } })),
    onSettled: () => queries.invalidateQueries({ queryKey: recoveriesQuery.queryKey }),
  });
  const made = make.data;

  return (
    <Dialog
      open
      onClose={onClose}
      title={t("admin.resetTitle", { name })}
      description={t("admin.resetDetail")}
      footer={
        made === undefined ? (
          <>
            <Button onClick={onClose}>{t("common.cancel")}</Button>
            <Button variant="primary" busy={make.isPending} onClick={() => make.mutate()}>
              {t("admin.resetMake")}
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            {t("common.done")}
          </Button>
        )
      }
    >
      {make.isError && <Banner tone="danger">{explain(make.error)}</Banner>}
      {made !== undefined && (
        <>
          <CopyField label={t("admin.resetLink")} value={made.url} />
          <Banner>{rich("admin.linkOnce", { when: <RelativeTime ms={made.expires_ms} /> })}</Banner>
        </>
      )}
    </Dialog>
  );
}
