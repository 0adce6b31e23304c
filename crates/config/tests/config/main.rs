//! Tests of the configuration, one binary.

mod layers;
mod mistakes;
mod properties;
mod support;
mod table;
