//! The binary as an operator uses it: commands, exit codes, files, and what clients see meanwhile.

mod backup;
mod check;
mod configuration;
mod heavy_nats;
mod keys;
mod licences;
mod old_data;
mod people;
mod restore;
mod support;
mod surroundings;
mod users;
