//! The API and the web app over the real router, the real services and a store in memory.

mod administration;
mod document;
mod entrance;
mod invitations;
mod late;
mod matrix;
mod me;
mod messages;
mod my_rooms;
mod origin;
mod paging;
mod people;
mod repeated;
mod rooms;
mod strict;
mod support;
mod web;
