//! Where the app's files are.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use http::HeaderValue;
use rust_embed::RustEmbed;

use super::encoding::Encoding;
use crate::http::etag;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Embedded;

/// A file of the app, with the forms in which it can be sent.
#[derive(Clone)]
pub struct File {
    /// What it is.
    pub media_type: &'static str,
    /// The bytes by form; identity is always there.
    pub forms: BTreeMap<Encoding, Form>,
}

/// One form of a file.
#[derive(Clone)]
pub struct Form {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its tag: each form has its own.
    pub tag: HeaderValue,
}

impl Form {
    fn new(bytes: Cow<'static, [u8]>) -> Self {
        let tag = etag::of_body(&bytes);
        Self { bytes, tag }
    }
}

/// Where the files come from.
pub enum Source {
    /// The files that were there when the program was built, read once.
    Embedded(BTreeMap<String, File>),
    /// A folder, read anew with each request.
    Folder(PathBuf),
}

impl Source {
    /// The folder, or what was built in; then possibly nothing.
    pub fn new(folder: Option<PathBuf>) -> Self {
        match folder {
            Some(folder) => Self::Folder(folder),
            None => Self::Embedded(embedded()),
        }
    }

    /// A file by its path, without a slash before it. Only files of the app: never one above its folder.
    pub fn get(&self, name: &str) -> Option<File> {
        match self {
            Self::Embedded(files) => files.get(name).cloned(),
            Self::Folder(folder) => read(folder, name),
        }
    }

    /// What lies at the top, folders with a slash behind them.
    pub fn top(&self) -> BTreeSet<String> {
        match self {
            Self::Embedded(files) => files.keys().map(|name| first(name)).collect(),
            Self::Folder(folder) => list(folder),
        }
    }
}

fn first(name: &str) -> String {
    name.split_once('/').map_or_else(|| name.to_owned(), |(folder, _)| format!("{folder}/"))
}

fn embedded() -> BTreeMap<String, File> {
    let names: BTreeSet<_> = Embedded::iter().collect();
    let is_shown = |name: &&Cow<'static, str>| !Encoding::is_compressed(name) && !name.starts_with('.');
    let plain = names.iter().filter(is_shown);
    let file = |name: &Cow<'static, str>| {
        let form = |encoding: Encoding| {
            let file = Embedded::get(&format!("{name}{}", encoding.suffix()))?;
            Some((encoding, Form::new(file.data)))
        };
        let forms = Encoding::ALL.into_iter().filter_map(form).collect();
        (name.to_string(), File { media_type: media_type(name), forms })
    };
    plain.map(file).collect()
}

fn list(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeSet::new() };
    let name = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        let slash = if entry.path().is_dir() { "/" } else { "" };
        let is_shown = !name.starts_with('.') && !Encoding::is_compressed(&name) && is_plain(&name);
        is_shown.then(|| format!("{name}{slash}"))
    };
    entries.flatten().filter_map(name).collect()
}

/// Whether a name can stand in a route as it is.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

fn read(folder: &Path, name: &str) -> Option<File> {
    let relative = Path::new(name);
    let is_inside = relative.components().all(|part| match part {
        Component::Normal(part) => !part.to_string_lossy().starts_with('.'),
        _ => false,
    });
    if !is_inside {
        return None;
    }
    let form = |encoding: Encoding| {
        let path = folder.join(format!("{name}{}", encoding.suffix()));
        Some((encoding, Form::new(Cow::Owned(std::fs::read(path).ok()?))))
    };
    let forms: BTreeMap<_, _> = Encoding::ALL.into_iter().filter_map(form).collect();
    forms.contains_key(&Encoding::Identity).then(|| File { media_type: media_type(name), forms })
}

/// What a file is, by its name. Anything else is bytes, which no browser runs or shows.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
