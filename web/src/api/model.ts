import type { components } from "./schema";

type Schemas = components["schemas"];

export type Server = Schemas["Server"];
export type Me = Schemas["Me"];
export type Person = Schemas["Person"];
export type Session = Schemas["Session"];
export type ApiToken = Schemas["ApiToken"];
export type Room = Schemas["Room"];
export type RoomKind = Schemas["RoomKind"];
export type RoomRole = Schemas["RoomRole"];
export type RoomListing = Schemas["RoomListing"];
export type Membership = Schemas["Membership"];
export type Invitation = Schemas["Invitation"];
export type AdminPerson = Schemas["AdminPerson"];
export type Recovery = Schemas["Recovery"];
export type ApiKey = Schemas["ApiKey"];
export type Stats = Schemas["Stats"];
