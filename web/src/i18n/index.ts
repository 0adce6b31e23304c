export * from "./format";
export { LANGUAGE, locale } from "./locale";
export { type Key, rich, t } from "./translate";
export { Written } from "./Written";
