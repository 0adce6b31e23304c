import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, call } from "@/api";
import { QueryView } from "@/app/layout/QueryView";
import { t } from "@/i18n";
import { useLive, useSelected } from "@/realtime";
import type { RoomListing } from "@/sync/model";
import { Button, List } from "@/ui";
import { UserPlus } from "@/ui/icons";
import styles from "../rooms.module.css";
import { AddMembers } from "./AddMembers";
import { MemberRow } from "./MemberRow";
import type { Permissions } from "./permissions";

const PAGE = 100;

interface Props {
  readonly listing: RoomListing;
  readonly may: Permissions;
}

export const membersKey = (room: string) => ["room", room, "members"];

/** Who is in the room, as what; and who may, changes that. */
export function Members({ listing, may }: Props) {
  const room = listing.room.id;
  const [adding, setAdding] = useState(false);
  const changes = useSelected(useLive().memberChanges, (all) => all.get(room) ?? 0);
  const members = useInfiniteQuery({
    queryKey: [...membersKey(room), "all"],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === "" ? {} : { after: pageParam }) };
      return call(api.GET("/rooms/{room}/members", { params: { path: { room }, query } }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const { refetch } = members;

  useEffect(() => {
    if (changes > 0) void refetch();
  }, [changes, refetch]);

  if (adding) return <AddMembers room={room} onDone={() => setAdding(false)} />;
  return (
    <div className={styles["form"]}>
      {may.invite && (
        <div className={styles["actions"]}>
          <Button icon={<UserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {t("rooms.addMembers")}
          </Button>
        </div>
      )}
      <QueryView query={members}>
        {({ pages }) => (
          <>
            <List label={t("rooms.members", { count: listing.room.members })}>
              {pages
                .flatMap((page) => page.items)
                .map((member) => (
                  <MemberRow key={member.person.id} listing={listing} member={member} may={may} />
                ))}
            </List>
            {members.hasNextPage && (
              <Button
                variant="quiet"
                busy={members.isFetchingNextPage}
                onClick={() => void members.fetchNextPage()}
              >
                {t("common.loadMore")}
              </Button>
            )}
          </>
        )}
      </QueryView>
    </div>
  );
}
