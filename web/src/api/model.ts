import type { components } from "./schema";

type Schemas = components["schemas"];

export type Server = Schemas["Server"];
export type Me = Schemas["Account"];
export type Person = Schemas["Person"];
export type Session = Schemas["Session"];
export type ApiToken = Schemas["ApiToken"];
export type Room = Schemas["Room"];
export type RoomKind = Schemas["RoomKind"];
export type RoomRole = Schemas["RoomRole"];
export type RoomListing = Schemas["RoomListing"];
export type Membership = Schemas["Membership"];
export type Invitation = Schemas["Invitation"];
export type AdminPerson = Schemas["ManagedAccount"];
export type Recovery = Schemas["Recovery"];
export type ApiKey = Schemas["Key"];
/** Operations by channel, or by pattern of channels. */
export type Capability = Schemas["NewKey"]["capability"];
export type Stats = Schemas["Stats"];
