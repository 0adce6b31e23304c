/**
 * What `@ably/chat` needs of `ably` at run time. The build resolves `ably` to this file: the modular client
 * without the parts that nothing here uses is 10 KiB smaller on the way to the browser.
 */
export { BaseRealtime as Realtime, ErrorInfo } from "ably/modular";
