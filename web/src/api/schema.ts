// The API's types in the shape that the generator gives them.

interface Json<Body> {
  content: { "application/json": Body };
}
interface Problems {
  default: { content: { "application/problem+json": components["schemas"]["Problem"] } };
}
type Body<B> = [B] extends [never] ? { requestBody?: never } : { requestBody: Json<B> };
type Answers<A, Status extends number> = {
  responses: Record<Status, [A] extends [never] ? { content?: never } : Json<A>> & Problems;
};
interface Header {
  "Idempotency-Key"?: string;
  "If-None-Match"?: string;
  "If-Match"?: string;
}
type Op<A, B = never, Query = never, Path = never, Status extends number = 200> = {
  parameters: { query?: Query; path: Path; header?: Header };
} & Body<B> &
  Answers<A, Status>;
type OpNoPath<A, B = never, Query = never, Status extends number = 200> = {
  parameters: { query?: Query; path?: never; header?: Header };
} & Body<B> &
  Answers<A, Status>;
interface Paging {
  limit?: number;
  after?: string;
}
interface Page<Item> {
  items: Item[];
  next?: string | null;
}
type S = components["schemas"];

export interface components {
  schemas: {
    Problem: { type: string; title: string; status: number; detail: string; code: number; errors?: { field: string; message: string }[] };
    Server: { name: string; version: string; sign_up: "open" | "invitation" | "closed"; needs_setup: boolean; app: string; max_message_bytes: number };
    PersonRole: "administrator" | "member";
    RoomKind: "public" | "private" | "direct";
    RoomRole: "owner" | "moderator" | "member" | "read_only";
    Person: { id: string; handle: string; name: string; time_zone: string | null; deactivated: boolean; role: S["PersonRole"]; version: number };
    Me: { id: string; handle: string; name: string; email: string | null; time_zone: string | null; deactivated: boolean; role: S["PersonRole"]; created_ms: number; version: number };
    Session: { id: string; label: string; address: string; created_ms: number; seen_ms: number; expires_ms: number; current: boolean };
    ApiToken: { id: string; name: string; created_ms: number; expires_ms: number | null; used_ms: number | null };
    NewApiToken: S["ApiToken"] & { secret: string };
    Room: { id: string; kind: S["RoomKind"]; name: string; topic: string; created_by: string; created_ms: number; archived_ms: number | null; members: number; messages: number; last_serial: string | null; last_ms: number | null; version: number };
    Membership: { room: string; person: string; role: S["RoomRole"]; joined_ms: number; read_serial: string | null; version: number };
    RoomListing: { room: S["Room"]; membership: S["Membership"]; unread: { unread: number; mentions: number }; others: string[] };
    Invitation: { id: string; room: string | null; created_by: string; created_ms: number; expires_ms: number | null; uses_max: number | null; uses: number; revoked_ms: number | null };
    NewInvitation: S["Invitation"] & { code: string; url: string };
    InvitationPreview: { room_name: string | null; inviter_name: string; admits_sign_up: boolean; expires_ms: number | null };
    AdminPerson: S["Me"] & { deactivated_ms: number | null; sessions: number };
    Recovery: { person: S["Person"]; at_ms: number };
    ResetLink: { code: string; url: string; expires_ms: number };
    ApiKey: { name: string; capability: Record<string, string[]>; created_ms: number; revoked_ms: number | null };
    NewApiKey: S["ApiKey"] & { secret: string };
    Stats: { now_ms: number; connections: number; channels: number; messages_per_second: number; messages_published_total: number; messages_delivered_total: number; people: number; rooms: number; uptime_ms: number };
  };
}

export interface paths {
  "/server": { get: OpNoPath<S["Server"]> };
  "/setup": { post: OpNoPath<{ person: S["Me"]; room: string | null }, { code: string; handle: string; name: string; email?: string | null; password: string }, never, 201> };
  "/sign-up": { post: OpNoPath<{ person: S["Me"]; room: string | null }, { handle: string; name: string; email?: string | null; password: string; invitation?: string | null }, never, 201> };
  "/sign-in": { post: OpNoPath<{ person: S["Me"]; room: string | null }, { login: string; password: string }> };
  "/sign-out": { post: OpNoPath<never, never, never, 204> };
  "/recovery": { post: OpNoPath<never, { login: string }, never, 202> };
  "/recovery/complete": { post: OpNoPath<never, { code: string; password: string }, never, 204> };
  "/me": {
    get: OpNoPath<S["Me"]>;
    patch: OpNoPath<S["Me"], { name?: string; handle?: string; email?: string | null; time_zone?: string | null }>;
  };
  "/me/password": { put: OpNoPath<never, { current: string; new: string }, never, 204> };
  "/me/sessions": { get: OpNoPath<Page<S["Session"]>>; delete: OpNoPath<never, never, never, 204> };
  "/me/sessions/{session}": { delete: Op<never, never, never, { session: string }, 204> };
  "/me/tokens": {
    get: OpNoPath<Page<S["ApiToken"]>>;
    post: OpNoPath<S["NewApiToken"], { name: string; expires_in_ms?: number | null }, never, 201>;
  };
  "/me/tokens/{token}": { delete: Op<never, never, never, { token: string }, 204> };
  "/me/realtime-token": { post: OpNoPath<{ token: string; expires: number; issued: number; clientId: string; keyName?: string | null }> };
  "/me/rooms": { get: OpNoPath<{ items: S["RoomListing"][]; version: number }> };
  "/me/rooms/{room}": { get: Op<S["RoomListing"], never, never, { room: string }> };
  "/me/rooms/{room}/read": {
    put: Op<{ room: string; read_serial: string | null; unread: number; mentions: number; version: number }, { serial?: string | null; backwards?: boolean }, never, { room: string }>;
  };
  "/people": { get: OpNoPath<Page<S["Person"]>, never, Paging & { prefix?: string }> };
  "/people/{person}": { get: Op<S["Person"], never, never, { person: string }> };
  "/people/lookup": { post: OpNoPath<{ items: S["Person"][] }, { ids: string[] }> };
  "/rooms": {
    get: OpNoPath<Page<{ room: S["Room"]; joined: boolean }>, never, Paging & { prefix?: string }>;
    post: OpNoPath<S["RoomListing"], { kind: S["RoomKind"]; name?: string; topic?: string; members?: string[] }, never, 201>;
  };
  "/rooms/{room}": {
    get: Op<S["Room"], never, never, { room: string }>;
    patch: Op<S["Room"], { name?: string; topic?: string; kind?: S["RoomKind"]; archived?: boolean }, never, { room: string }>;
  };
  "/rooms/{room}/join": { post: Op<S["RoomListing"], never, never, { room: string }> };
  "/rooms/{room}/members": { get: Op<Page<{ person: S["Person"]; role: S["RoomRole"]; joined_ms: number; version: number }>, never, Paging, { room: string }> };
  "/rooms/{room}/members/{person}": {
    put: Op<S["Membership"], { role: S["RoomRole"] }, never, { room: string; person: string }>;
    delete: Op<never, never, never, { room: string; person: string }, 204>;
  };
  "/rooms/{room}/invitations": {
    get: Op<Page<S["Invitation"]>, never, never, { room: string }>;
    post: Op<S["NewInvitation"], { expires_in_ms?: number | null; uses_max?: number | null }, never, { room: string }, 201>;
  };
  "/rooms/{room}/invitations/{invitation}": { delete: Op<never, never, never, { room: string; invitation: string }, 204> };
  "/rooms/{room}/messages": {
    post: Op<{ serial: string; room: string; text: string; created_ms: number }, { text: string; metadata?: Record<string, unknown>; headers?: Record<string, string> }, never, { room: string }, 201>;
  };
  "/invitations/{code}": { get: Op<S["InvitationPreview"], never, never, { code: string }> };
  "/invitations/{code}/accept": { post: Op<{ room?: string | null }, never, never, { code: string }> };
  "/admin/people": { get: OpNoPath<Page<S["AdminPerson"]>, never, Paging & { prefix?: string }> };
  "/admin/people/{person}": { patch: Op<S["AdminPerson"], { role?: S["PersonRole"]; deactivated?: boolean }, never, { person: string }> };
  "/admin/people/{person}/reset": { post: Op<S["ResetLink"], never, never, { person: string }, 201> };
  "/admin/recoveries": { get: OpNoPath<Page<S["Recovery"]>> };
  "/admin/invitations": {
    get: OpNoPath<Page<S["Invitation"]>, never, Paging>;
    post: OpNoPath<S["NewInvitation"], { expires_in_ms?: number | null; uses_max?: number | null }, never, 201>;
  };
  "/admin/invitations/{invitation}": { delete: Op<never, never, never, { invitation: string }, 204> };
  "/admin/rooms": { get: OpNoPath<Page<S["Room"]>, never, Paging> };
  "/admin/keys": {
    get: OpNoPath<Page<S["ApiKey"]>>;
    post: OpNoPath<S["NewApiKey"], { capability: Record<string, string[]> }, never, 201>;
  };
  "/admin/keys/{name}": { delete: Op<never, never, never, { name: string }, 204> };
  "/admin/stats": { get: OpNoPath<S["Stats"]> };
}
