//! Collects the licence notices of the packages that the binary is made of, from their sources: `loquat licences` prints
//! them. Nothing of it is kept in the repository, so that it is always of the versions in the lock file.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// What files with a licence or a notice begin with, in capitals.
const FILES: [&str; 7] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE", "PATENTS"];

fn main() {
    let root = Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../..");
    for file in ["crates/loquat/build.rs", "Cargo.lock", "LICENSE"] {
        println!("cargo::rerun-if-changed={}", root.join(file).display());
    }
    let notices = metadata().map(|metadata| notices(&packages(&metadata), &root)).unwrap_or_else(|why| {
        println!("cargo::warning=without licence notices: {why}");
        "This binary was built where the packages' licences could not be collected.\n".to_owned()
    });
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("notices.txt"), notices).expect("the build's folder can be written to");
}

/// What cargo knows of the packages. Without the network first: usually all of them are there.
fn metadata() -> Result<Value, String> {
    let ask = |flag: &str| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["metadata", "--format-version", "1", flag, "--filter-platform"]);
        let target = env::var("TARGET").map_err(|error| error.to_string())?;
        let output = command.arg(target).output().map_err(|error| error.to_string())?;
        match output.status.success() {
            true => serde_json::from_slice(&output.stdout).map_err(|error| error.to_string()),
            false => {
                Err(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned())
            }
        }
    };
    ask("--frozen").or_else(|_| ask("--locked"))
}

/// A package of somebody else's.
struct Package {
    title: String,
    licence: String,
    folder: PathBuf,
}

/// Those that the binary is linked with, by name and version.
fn packages(metadata: &Value) -> Vec<Package> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all: BTreeMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|package| (text(&package["id"]), package)).collect();
    let nodes = list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node));
    let nodes: BTreeMap<String, Value> = nodes.collect();
    let own = all.iter().find(|(_, package)| package["name"] == "loquat").map(|(id, _)| id.clone());
    let (mut waiting, mut seen) = (Vec::from_iter(own), BTreeSet::new());
    while let Some(id) = waiting.pop() {
        let linked =
            |dependency: &Value| list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
        let dependencies = list(&nodes[&id]["deps"]).into_iter().filter(linked);
        let dependencies: Vec<String> = dependencies.map(|dependency| text(&dependency["pkg"])).collect();
        if seen.insert(id) {
            waiting.extend(dependencies);
        }
    }
    let mut packages: Vec<Package> = seen
        .iter()
        .map(|id| &all[id])
        .filter(|package| !package["source"].is_null())
        .map(|package| Package {
            title: format!("{} {}", text(&package["name"]), text(&package["version"])),
            licence: text(&package["license"]),
            folder: Path::new(&text(&package["manifest_path"]))
                .parent()
                .map(Path::to_owned)
                .unwrap_or_default(),
        })
        .collect();
    packages.sort_by(|a, b| a.title.cmp(&b.title));
    packages
}

/// Every package with its licence, then each text once, with the packages that it is of.
fn notices(packages: &[Package], root: &Path) -> String {
    let own = fs::read_to_string(root.join("LICENSE")).expect("the repository has a licence");
    let mut texts: BTreeMap<String, (BTreeSet<&str>, String)> = BTreeMap::new();
    let mut out = String::from(
        "Loquat is licensed under the Apache License, Version 2.0. The binary contains these packages of others, \
         whose sources are to be had under their names and versions:\n\n",
    );
    for Package { title, licence, folder } in packages {
        out.push_str(&format!("{title}: {licence}\n"));
        let may_choose = licence.contains(" OR ") || licence.contains('/');
        let mut found = texts_in(folder, may_choose);
        if found.is_empty() && licence.contains("Apache-2.0") {
            // Published without a file; the licence is known by its name.
            found.push(own.clone());
        }
        if found.is_empty() {
            println!("cargo::warning=the package {title} ({licence}) comes without a licence text");
        }
        for text in found {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            texts.entry(words).or_insert_with(|| (BTreeSet::new(), text)).0.insert(title);
        }
    }
    let mut sections: Vec<_> = texts.into_values().collect();
    sections.sort();
    for (titles, text) in sections {
        let titles = titles.into_iter().collect::<Vec<_>>().join(", ");
        out.push_str(&format!("\n{}\n{titles}\n\n{}\n", "-".repeat(80), text.trim()));
    }
    out
}

/// The texts of a package's licences and its notices. Of a choice with the MIT licence in it that one is taken.
fn texts_in(folder: &Path, may_choose: bool) -> Vec<String> {
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = files
        .flatten()
        .filter(|file| file.path().is_file())
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .filter(|name| FILES.iter().any(|file| name.to_uppercase().starts_with(file)))
        .collect();
    names.sort();
    let is_mit = |name: &String| name.to_uppercase().contains("MIT");
    if may_choose && names.iter().any(is_mit) {
        names.retain(|name| is_mit(name) || !name.to_uppercase().contains("APACHE"));
    }
    let read = |name: &String| fs::read(folder.join(name)).ok();
    names.iter().filter_map(read).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}
