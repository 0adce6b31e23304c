//! Builds anew when the web app was built.

use std::path::Path;

fn main() {
    let dist =
        Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    // Cargo runs a build again and again while a file that it should watch is missing; an empty folder can be watched.
    if dist.is_dir() || std::fs::create_dir_all(&dist).is_ok() {
        println!("cargo::rerun-if-changed={}", dist.display());
    }
}
