//! The server is killed, its power cut, its disk filled and broken; what clients saw must obey the laws.
//!
//! They need `LOQUAT_BIN`; `scripts/steps/crash` builds it and runs them.

mod damage;
mod disk;
mod kill;
mod power;
mod refuse;
mod stop;
