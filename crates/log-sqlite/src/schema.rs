//! The database: its tables, and what is checked before it is used.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::{error::OpenError, options::Options, upgrade};

/// The newest format known, kept in the file's `user_version`.
///
/// In format 1 every partition had a table of its entries, a row each, so that a commit wrote a page of every partition
/// it touched; see `upgrade`.
pub(crate) const FORMAT: u32 = 2;
/// Marks the file as ours, in the file's `application_id`: "LQlg".
const APPLICATION_ID: u32 = 0x4c51_6c67;
/// What a commit writes is rounded up to pages, and small commits are the most frequent.
pub(crate) const PAGE_BYTES: u32 = 4096;

/// What the file says about itself.
pub(crate) struct Meta {
    pub(crate) instance: [u8; 16],
}

/// Opens the writer's connection, and makes the log if there is none.
pub(crate) fn open(options: &Options) -> Result<(Connection, Meta), OpenError> {
    let file = &options.path;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    let connection = Connection::open_with_flags(file, flags).map_err(sqlite)?;
    let fresh = is_empty(&connection).map_err(sqlite)?;
    if !fresh {
        check_identity(&connection, file)?;
    }
    configure(&connection, options).map_err(sqlite)?;
    check_mode(&connection, file)?;
    if fresh {
        create(&connection, options.partitions).map_err(sqlite)?;
        sync_directory(file).map_err(|error| OpenError::storage(file, error))?;
    }
    let meta = read_meta(&connection, options)?;
    if !fresh {
        upgrade::run(&connection, file, options.partitions)?;
    }
    Ok((connection, meta))
}

/// Opens a connection that copies the write-ahead log, and writes nothing else.
pub(crate) fn open_copier(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    // How a copy is synced is a matter of the connection that makes it.
    connection
        .execute_batch("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-64;")?;
    Ok(connection)
}

/// Opens a connection that can only read.
pub(crate) fn open_reader(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch("PRAGMA cache_size=-1024; PRAGMA mmap_size=268435456;")?;
    Ok(connection)
}

/// Opens a log only to read it, after checking that it is one of ours, in a format that we know.
pub(crate) fn open_known(file: &Path) -> Result<Connection, OpenError> {
    let connection = open_reader(file).map_err(|error| OpenError::sqlite(file, &error))?;
    check_identity(&connection, file)?;
    Ok(connection)
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

/// That it is a log of a format we know.
fn check_identity(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    let pragma = |name: &str| -> Result<u32, OpenError> {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
            .map_err(|error| OpenError::sqlite(file, &error))
    };
    if pragma("application_id")? != APPLICATION_ID {
        return Err(OpenError::NotALog { file: file.to_owned() });
    }
    match pragma("user_version")? {
        1..=FORMAT => Ok(()),
        found if found > FORMAT => Err(OpenError::Newer { file: file.to_owned(), found, known: FORMAT }),
        found => Err(OpenError::damaged(file, format!("it claims the unknown format {found}"))),
    }
}

/// The page size holds only for a new file; everything else is per connection.
fn configure(connection: &Connection, options: &Options) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let synchronous = if options.faults.synchronous_off { "OFF" } else { "FULL" };
    connection.execute_batch(&format!(
        "PRAGMA page_size={PAGE_BYTES}; PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};
         PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit={}; PRAGMA cache_size=-16384;
         PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;",
        options.wal_bytes
    ))
}

/// SQLite stays in another mode without an error where the file system can't share memory between processes.
fn check_mode(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    let mode: String = connection
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .map_err(|error| OpenError::sqlite(file, &error))?;
    match mode.as_str() {
        "wal" => Ok(()),
        _ => Err(OpenError::storage(file, "the file system can't hold a write-ahead log; use a local disk")),
    }
}

/// The tables that format 2 brought.
pub(crate) const BLOCKS: &str = "
    -- The entries of one commit; see block.rs. Numbers rise, and those that nobody needs any more are missing.
    CREATE TABLE block(id INTEGER PRIMARY KEY, head_hash INTEGER NOT NULL, bodies_hash INTEGER NOT NULL,
        head BLOB NOT NULL, bodies BLOB NOT NULL);
    -- Where each partition stood before some of the blocks; see marks.rs.
    CREATE TABLE mark(block INTEGER PRIMARY KEY, hash INTEGER NOT NULL, tails BLOB NOT NULL);";

fn create(connection: &Connection, partitions: u16) -> rusqlite::Result<()> {
    let mut sql = format!(
        "BEGIN IMMEDIATE;
         PRAGMA application_id={APPLICATION_ID};
         PRAGMA user_version={FORMAT};
         CREATE TABLE meta(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
         INSERT INTO meta VALUES ('partitions', {partitions}), ('instance', randomblob(16));
         -- Where each epoch of a partition begins.
         CREATE TABLE epoch(partition INTEGER, epoch INTEGER, first_seq INTEGER NOT NULL,
             PRIMARY KEY (partition, epoch)) WITHOUT ROWID;
         -- How far a partition was at its last truncation: what its head is when nothing is left.
         CREATE TABLE floor(partition INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, head_seq INTEGER NOT NULL,
             head_time_ms INTEGER NOT NULL);
         -- The ids of one commit; see keys.rs. time_ms is the newest entry time of the log at that commit.
         CREATE TABLE key_batch(id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, keys BLOB NOT NULL);
         {BLOCKS}"
    );
    for partition in 0..partitions {
        sql += &format!(
            "INSERT INTO epoch VALUES ({partition}, 1, 1);
             INSERT INTO floor VALUES ({partition}, 1, 0, 0);"
        );
    }
    connection.execute_batch(&(sql + "COMMIT;"))
}

fn read_meta(connection: &Connection, options: &Options) -> Result<Meta, OpenError> {
    let file = &options.path;
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    let mut statement = connection.prepare("SELECT value FROM meta WHERE name=?1").map_err(sqlite)?;
    let partitions: Option<u16> =
        statement.query_row(["partitions"], |row| row.get(0)).optional().map_err(sqlite)?;
    let instance: Option<[u8; 16]> =
        statement.query_row(["instance"], |row| row.get(0)).optional().map_err(sqlite)?;
    let (Some(found), Some(instance)) = (partitions, instance) else {
        return Err(OpenError::damaged(file, "its description is missing"));
    };
    if found != options.partitions {
        return Err(OpenError::Partitions { file: file.clone(), found, wanted: options.partitions });
    }
    Ok(Meta { instance })
}

/// Makes the directory entry of `file` durable.
pub(crate) fn sync_directory(file: &Path) -> std::io::Result<()> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(parent)?.sync_all()
}
