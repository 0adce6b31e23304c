//! TLS for both sides: a certificate for the run, and the two configurations.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};

use crate::error::BenchError;

/// Where a run's certificate and key are, inside a directory of its own.
#[derive(Clone, Debug)]
pub struct Files {
    /// The certificate in PEM.
    pub cert: PathBuf,
    /// Its key in PEM.
    pub key: PathBuf,
}

impl Files {
    /// The files of a run in `dir`.
    pub fn in_dir(dir: &Path) -> Files {
        Files { cert: dir.join("cert.pem"), key: dir.join("key.pem") }
    }

    /// Makes a certificate for this machine's loopback and writes both files.
    pub fn make(dir: &Path) -> Result<Files, BenchError> {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names)
            .map_err(|error| BenchError::Options(format!("cannot make a certificate: {error}")))?;
        let files = Files::in_dir(dir);
        let write = |path: &Path, text: String| {
            std::fs::write(path, text).map_err(BenchError::io(format!("write {}", path.display())))
        };
        write(&files.cert, made.cert.pem())?;
        write(&files.key, made.signing_key.serialize_pem())?;
        Ok(files)
    }
}

/// How the generator opens connections.
#[derive(Clone, Debug)]
pub struct Dialer {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Dialer {
    /// Trusts the certificates in `ca_file` and expects a server of this `host`. Sessions are not resumed: each
    /// connection costs a whole handshake.
    pub fn new(ca_file: &Path, host: &str) -> Result<Dialer, BenchError> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates(ca_file)? {
            roots.add(certificate).map_err(|error| unusable(ca_file, &error))?;
        }
        let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.resumption = Resumption::disabled();
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| BenchError::Options(format!("{host} is no name of a TLS server")))?;
        Ok(Dialer { config: Arc::new(config), name })
    }

    /// The client's end of a new connection.
    pub fn dial(&self) -> Result<rustls::Connection, rustls::Error> {
        let mut connection = ClientConnection::new(self.config.clone(), self.name.clone())?;
        connection.set_buffer_limit(None);
        Ok(connection.into())
    }
}

/// How a bare server accepts connections.
#[derive(Clone, Debug)]
pub struct Acceptor {
    config: Arc<ServerConfig>,
}

impl Acceptor {
    /// With these files.
    pub fn new(files: &Files) -> Result<Acceptor, BenchError> {
        let chain = certificates(&files.cert)?;
        let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| unusable(&files.key, &error))?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|error| unusable(&files.cert, &error))?;
        Ok(Acceptor { config: Arc::new(config) })
    }

    /// The server's end of a new connection. What waits in it is bounded by the generator's window.
    pub fn accept(&self) -> Result<rustls::Connection, rustls::Error> {
        let mut connection = ServerConnection::new(self.config.clone())?;
        connection.set_buffer_limit(None);
        Ok(connection.into())
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, BenchError> {
    let read = CertificateDer::pem_file_iter(path).and_then(|certificates| certificates.collect());
    read.map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> BenchError {
    BenchError::Options(format!("cannot use {}: {error}", path.display()))
}
