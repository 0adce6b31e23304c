//! The configuration file, environment and flags: one typed, validated value.
