import { admin } from "./admin";
import { boot } from "./boot";
import { common } from "./common";
import { conversation } from "./conversation";
import { errors } from "./errors";
import { rooms } from "./rooms";
import { session } from "./session";
import { settings } from "./settings";
import { shell } from "./shell";

/** Every string that the app shows, in English. Keys begin with the feature that owns them. */
export const en = {
  ...common,
  ...errors,
  ...shell,
  ...session,
  ...settings,
  ...admin,
  ...rooms,
  ...conversation,
  ...boot,
} as const;
