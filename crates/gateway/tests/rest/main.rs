//! The realtime REST API over a node in memory, without sockets.

mod apps;
mod auth;
mod chat;
mod history;
mod paging;
mod presence;
mod publish;
mod site;
mod support;
mod tokens;
mod wire;
