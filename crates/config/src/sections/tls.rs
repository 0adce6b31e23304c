//! Encryption of the listener.

use std::path::PathBuf;

section! { "TLS", "tls.",
/// Encryption of the listener. Off unless both files are given; the files are read again when they change.
Tls {
    /// Certificate chain in PEM, the server's own certificate first.
    cert_file: Option<PathBuf>;
    /// Private key of the certificate, in PEM.
    key_file: Option<PathBuf>;
}}

impl Tls {
    /// Both files, where encryption is on. Validation has refused one without the other.
    pub fn files(&self) -> Option<(&PathBuf, &PathBuf)> {
        self.cert_file.as_ref().zip(self.key_file.as_ref())
    }
}
