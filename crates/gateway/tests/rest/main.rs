//! The realtime REST API over a node in memory, and the listener around it.

mod apps;
mod auth;
mod bodies;
mod chat;
mod history;
mod hosts;
mod listener;
mod paging;
mod presence;
mod publish;
mod site;
mod slow;
mod support;
mod tokens;
mod wire;
