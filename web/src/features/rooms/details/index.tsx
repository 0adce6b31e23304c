import { lazy, Suspense } from "react";
import type { RoomListing } from "@/sync/model";

const Details = lazy(() => import("./Details").then((m) => ({ default: m.Details })));

interface Props {
  readonly listing: RoomListing;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Everything about a room besides what is said in it; fetched when it is first asked for. */
export function RoomDetails({ listing, open, onClose }: Props) {
  if (!open) return null;
  return (
    <Suspense>
      <Details listing={listing} onClose={onClose} />
    </Suspense>
  );
}
