//! The first bytes of the file itself.
//!
//! SQLite takes the first page from the write-ahead log where that has it, and then never notices that the file's own is
//! gone; until the write-ahead log is started anew and with it goes the last copy.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// What every SQLite file begins with, in all of its versions (file format, section 1.3).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Whether a file that is there and not empty does not begin as a database does.
pub(crate) fn is_foreign(path: &Path) -> io::Result<bool> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut found = [0; 16];
    match file.read_exact(&mut found) {
        Ok(()) => Ok(found != *MAGIC),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_a_new_file_and_no_file_are_fine() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        assert!(!is_foreign(&file).unwrap());
        std::fs::write(&file, b"").unwrap();
        assert!(!is_foreign(&file).unwrap());
        std::fs::write(&file, [&MAGIC[..], &[0; 84]].concat()).unwrap();
        assert!(!is_foreign(&file).unwrap());
    }

    #[test]
    fn other_bytes_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        for bytes in [&[0x55; 100][..], &MAGIC[..9]] {
            std::fs::write(&file, bytes).unwrap();
            assert!(is_foreign(&file).unwrap());
        }
    }
}
