//! The loquat binary.
fn main() {}
