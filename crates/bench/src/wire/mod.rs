//! The bytes that the generator sends and expects: WebSocket frames, the realtime protocol's few messages, and the
//! marker by which a delivery is recognised without decoding it.

pub mod control;
pub mod dialect;
pub mod frame;
pub mod http;
pub mod marker;
