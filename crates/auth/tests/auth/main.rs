//! The promises of loquat-auth: a table per kind of credentials, and properties over random input.

mod basic;
mod connection_key;
mod credentials;
mod jwt;
mod password;
mod person;
mod principal;
mod properties;
mod registry;
mod support;
mod token;
mod token_request;
