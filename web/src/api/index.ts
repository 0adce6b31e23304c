export { entered, openSession, signIn, signOut } from "./account";
export { api, call } from "./client";
export { explain, explainFields } from "./explain";
export { newKey, withKey } from "./key";
export type * from "./model";
export { ApiError, Code, isTransient, OfflineError, SignedOutError } from "./problem";
export { type SessionState, session, useMe, useSession } from "./session";
export { type Submit, useSubmit } from "./useSubmit";
