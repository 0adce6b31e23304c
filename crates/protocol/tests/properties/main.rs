//! Laws of the wire types over random values, and of every parser over random bytes.

mod capability;
mod entry;
mod frame;
mod generate;
mod ids;
mod parsers;
