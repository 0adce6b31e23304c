export { Link } from "./Link";
export { goBack, navigate, type Place, usePlace } from "./location";
export { match, type RouteParams } from "./match";
export { type AdminPart, type SettingsPart, to } from "./paths";
