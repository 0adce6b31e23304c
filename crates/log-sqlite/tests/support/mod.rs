//! What the tests of the engine share.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod fixture;
