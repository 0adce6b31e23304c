//! Apps and keys: `directory.sqlite`, each change durable on return.

use std::path::Path;

use loquat_protocol::{AppId, Capability, KeyName};
use loquat_store::{AppRecord, Directory, KeyRecord, StoreError, StoreErrorKind};
use parking_lot::Mutex;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    SqliteStore,
    connection::{DatabaseFile, Synchronous},
    error::{Failure, Outcome},
    ids::{signed, unsigned},
    options::Options,
    transactions::transact,
};

/// The file and its one connection: it is read at start and written by hand, so one is enough.
pub(crate) struct DirectoryFile {
    connection: Mutex<Connection>,
    file: DatabaseFile,
}

impl DirectoryFile {
    pub(crate) fn open(dir: &Path, options: &Options) -> Result<Self, StoreError> {
        let file = DatabaseFile::directory(dir);
        let connection = Mutex::new(file.open_for_writing(Synchronous::Full, options)?);
        Ok(Self { connection, file })
    }

    pub(crate) fn file(&self) -> &DatabaseFile {
        &self.file
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Result<T, StoreError> {
        work(&self.connection.lock()).map_err(|failure| failure.at(self.file.path()))
    }

    fn change<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Result<T, StoreError> {
        transact(&self.connection.lock(), work).map_err(|failure| failure.at(self.file.path()))
    }
}

impl Directory for SqliteStore {
    fn apps(&self) -> Result<Vec<AppRecord>, StoreError> {
        self.directory.read(|connection| {
            let mut select = connection.prepare_cached("SELECT id, created_ms FROM app ORDER BY id")?;
            let mut rows = select.query([])?;
            let mut apps = Vec::new();
            while let Some(row) = rows.next()? {
                let id = AppId::from_trusted(text(row, 0)?);
                apps.push(AppRecord { id, created_ms: unsigned(row.get(1)?)? });
            }
            Ok(apps)
        })
    }

    fn create_app(&self, app: &AppRecord, keys: &[KeyRecord]) -> Result<(), StoreError> {
        self.directory.change(|connection| {
            if app_exists(connection, &app.id)? {
                return Err(conflict(format!("the app {} exists already", app.id)));
            }
            let mut insert = connection.prepare_cached("INSERT INTO app (id, created_ms) VALUES (?1, ?2)")?;
            insert.execute(params![app.id.as_str(), signed(app.created_ms)])?;
            for key in keys {
                if key.name.app() != app.id {
                    return Err(conflict(format!(
                        "the key {} belongs to another app than {}",
                        key.name, app.id
                    )));
                }
                insert_key(connection, key)?;
            }
            Ok(())
        })
    }

    fn delete_app(&self, app: &AppId) -> Result<bool, StoreError> {
        // The keys go with it: they refer to it.
        self.directory.change(|connection| {
            Ok(connection.prepare_cached("DELETE FROM app WHERE id = ?1")?.execute([app.as_str()])? > 0)
        })
    }

    fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.directory.read(|connection| {
            let sql = "SELECT name, secret, capability, created_ms, revoked_ms FROM key ORDER BY name";
            let mut select = connection.prepare_cached(sql)?;
            let mut rows = select.query([])?;
            let mut keys = Vec::new();
            while let Some(row) = rows.next()? {
                keys.push(read_key(row)?);
            }
            Ok(keys)
        })
    }

    fn create_key(&self, key: &KeyRecord) -> Result<(), StoreError> {
        self.directory.change(|connection| {
            if !app_exists(connection, &key.name.app())? {
                return Err(conflict(format!("the key {} belongs to no app that exists", key.name)));
            }
            insert_key(connection, key)
        })
    }

    fn revoke_key(&self, name: &KeyName, at_ms: u64) -> Result<bool, StoreError> {
        self.directory.change(|connection| {
            let sql = "UPDATE key SET revoked_ms = ?2 WHERE name = ?1 AND revoked_ms IS NULL";
            Ok(connection.prepare_cached(sql)?.execute(params![name.as_str(), signed(at_ms)])? > 0)
        })
    }
}

fn conflict(message: String) -> Failure {
    StoreError::new(StoreErrorKind::Conflict, message).into()
}

fn app_exists(connection: &Connection, app: &AppId) -> Outcome<bool> {
    let mut select = connection.prepare_cached("SELECT 1 FROM app WHERE id = ?1")?;
    Ok(select.query_row([app.as_str()], |_| Ok(())).optional()?.is_some())
}

fn insert_key(connection: &Connection, key: &KeyRecord) -> Outcome<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO key (name, app, secret, capability, created_ms, revoked_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (name) DO NOTHING",
    )?;
    let (name, app, capability) = (key.name.as_str(), key.name.app(), key.capability.to_string());
    let (created_ms, revoked_ms) = (signed(key.created_ms), key.revoked_ms.map(signed));
    match insert.execute(params![name, app.as_str(), key.secret, capability, created_ms, revoked_ms])? {
        0 => Err(conflict(format!("the key {name} exists already"))),
        _ => Ok(()),
    }
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> Outcome<&'a str> {
    Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}

fn read_key(row: &Row<'_>) -> Outcome<KeyRecord> {
    let capability =
        Capability::parse(text(row, 2)?).map_err(|_| Failure::Damaged("a key's capability is unreadable"))?;
    Ok(KeyRecord {
        name: KeyName::from_trusted(text(row, 0)?),
        secret: text(row, 1)?.to_owned(),
        capability,
        created_ms: unsigned(row.get(3)?)?,
        revoked_ms: row.get::<_, Option<i64>>(4)?.map(unsigned).transpose()?,
    })
}
