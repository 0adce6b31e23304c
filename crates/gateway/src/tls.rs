//! Certificates from files, read again when the files change.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use arc_swap::ArcSwap;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// A certificate and its key, with the configuration made of them.
pub struct Certificates {
    cert_file: PathBuf,
    key_file: PathBuf,
    current: ArcSwap<Loaded>,
}

struct Loaded {
    config: Arc<ServerConfig>,
    modified: [Option<SystemTime>; 2],
}

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// When one cannot be read, or the key does not fit the certificate; the message names the file.
    pub fn load(cert_file: &Path, key_file: &Path) -> io::Result<Self> {
        let current = ArcSwap::from_pointee(read(cert_file, key_file)?);
        Ok(Self { cert_file: cert_file.to_owned(), key_file: key_file.to_owned(), current })
    }

    /// The configuration for new connections.
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.load().config)
    }

    /// Reads the files again if they have changed; `true` when they had. A new pair that does not fit leaves the old one
    /// in use.
    ///
    /// # Errors
    /// As for [`Self::load`].
    pub fn reload_if_changed(&self) -> io::Result<bool> {
        if self.current.load().modified == modified(&self.cert_file, &self.key_file) {
            return Ok(false);
        }
        self.current.store(Arc::new(read(&self.cert_file, &self.key_file)?));
        Ok(true)
    }
}

fn modified(cert_file: &Path, key_file: &Path) -> [Option<SystemTime>; 2] {
    [cert_file, key_file].map(|file| std::fs::metadata(file).and_then(|data| data.modified()).ok())
}

fn read(cert_file: &Path, key_file: &Path) -> io::Result<Loaded> {
    // Before the contents, so that a change in between is seen as one.
    let modified = modified(cert_file, key_file);
    let named =
        |file: &Path, error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", file.display()));
    let chain = CertificateDer::pem_file_iter(cert_file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| named(cert_file, &error))?;
    let key = PrivateKeyDer::from_pem_file(key_file).map_err(|error| named(key_file, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| named(cert_file, &error))?;
    let mut config = config;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Loaded { config: Arc::new(config), modified })
}
