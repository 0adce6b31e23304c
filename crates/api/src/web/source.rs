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

impl File {
    /// The bytes as they are, not compressed.
    pub fn plain(&self) -> Option<&[u8]> {
        Some(&self.forms.get(&Encoding::Identity)?.bytes)
    }
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
    pair(Embedded::iter(), |name| Embedded::get(name).map(|file| file.data))
}

/// Puts the forms of each file together.
fn pair(
    names: impl Iterator<Item = Cow<'static, str>>,
    get: impl Fn(&str) -> Option<Cow<'static, [u8]>>,
) -> BTreeMap<String, File> {
    let shown = names.filter(|name| !Encoding::is_compressed(name) && !name.starts_with('.'));
    let file = |name: Cow<'static, str>| {
        let form =
            |encoding: Encoding| Some((encoding, Form::new(get(&format!("{name}{}", encoding.suffix()))?)));
        let forms = Encoding::ALL.into_iter().filter_map(form).collect();
        (name.to_string(), File { media_type: media_type(&name), forms })
    };
    shown.map(file).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_built_in_file_come_together() {
        let built: [(&str, &[u8]); 5] = [
            (".vite/manifest.json", b"{}"),
            ("assets/a.js", b"script"),
            ("assets/a.js.br", b"brotli"),
            ("index.html", b"page"),
            ("index.html.gz", b"gzip"),
        ];
        let get = |name: &str| {
            built.iter().find(|(known, _)| *known == name).map(|(_, bytes)| Cow::Borrowed(*bytes))
        };
        let source = Source::Embedded(pair(built.iter().map(|(name, _)| Cow::Borrowed(*name)), get));
        let script = source.get("assets/a.js").unwrap();
        assert_eq!(script.media_type, "text/javascript; charset=utf-8");
        assert_eq!(script.forms.keys().collect::<Vec<_>>(), [&Encoding::Brotli, &Encoding::Identity]);
        assert_eq!(&*script.forms[&Encoding::Brotli].bytes, b"brotli");
        assert_ne!(script.forms[&Encoding::Brotli].tag, script.forms[&Encoding::Identity].tag);
        assert_eq!(source.top(), BTreeSet::from(["assets/".to_owned(), "index.html".to_owned()]));
        assert!(source.get("assets/a.js.br").is_none() && source.get(".vite/manifest.json").is_none());
    }
}
