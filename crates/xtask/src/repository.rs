//! The files of the repository.

use std::{
    env,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// The repository's root, of this run: the program may have been built in another copy of it.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let crate_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs it"));
        crate_dir.ancestors().nth(2).expect("the crate lies two folders down").to_owned()
    });
    &ROOT
}

/// Every file below a folder whose name ends in `.extension`, sorted; build output and packages left out.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, extension, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            let left_out =
                name == "target" || name == "node_modules" || name == "data" || name.starts_with('.');
            if !left_out {
                collect(&path, extension, found);
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

/// A path as it is written in messages.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
