//! The services, over the store's oracle in memory.

mod accounts;
mod attacks;
mod invitations;
mod limits;
mod live;
mod operator;
mod principal;
mod projector;
mod races;
mod rights;
mod rooms;
mod sessions;
mod snapshot;
mod support;
mod timing;
