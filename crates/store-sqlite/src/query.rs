//! Answering questions about a channel's past.

use std::ops::RangeInclusive;

use bytes::Bytes;
use loquat_protocol::{PartitionId, Serial};
use loquat_store::{Cursor, Direction, History, HistoryQuery, Retention, Row, StoreError};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use crate::{
    SqliteStore, bounds, cursors,
    error::{Failure, Outcome},
    ids::{SEQ_MAX, entry_id, unsigned},
    index,
    seqs::unpack,
    timelines::TimelineRef,
};

impl History for SqliteStore {
    fn query(&self, query: &HistoryQuery, partition: PartitionId) -> Result<(Vec<Row>, Cursor), StoreError> {
        self.readers.read(|connection| {
            let cursor = cursors::read(connection, partition)?;
            Ok((answer(connection, query, partition, cursor)?, cursor))
        })
    }
}

fn answer(
    connection: &Connection,
    query: &HistoryQuery,
    partition: PartitionId,
    cursor: Cursor,
) -> Outcome<Vec<Row>> {
    let key = TimelineRef { channel: &query.channel, kind: query.kind, partition };
    let Some(timeline) = index::find(connection, key)? else { return Ok(Vec::new()) };
    let Some(range) = range(connection, query, partition, cursor)? else { return Ok(Vec::new()) };
    let mut page = Page { query, partition, rows: Vec::new(), entry: entry_statement(connection)? };
    let tail = index::tail(connection, timeline)?;
    match query.direction {
        Direction::Backwards => {
            page.add(tail.bytes(), &range)?;
            runs_backwards(connection, timeline, &range, &mut page)?;
        }
        Direction::Forwards => {
            runs_forwards(connection, timeline, &range, &mut page)?;
            page.add(tail.bytes(), &range)?;
        }
    }
    Ok(page.rows)
}

/// The range of sequence numbers that all bounds leave; `None` when it is empty.
fn range(
    connection: &Connection,
    query: &HistoryQuery,
    partition: PartitionId,
    cursor: Cursor,
) -> Outcome<Option<RangeInclusive<u64>>> {
    let mut from = query.from_seq.max(cursor.pruned_seq_of(Retention::of(&query.channel.name)) + 1);
    let mut to = query.to_seq.min(SEQ_MAX);
    if query.limit == 0 || from > to || query.start_ms > query.end_ms {
        return Ok(None);
    }
    if query.start_ms > 0 {
        let Some(first) = bounds::first_at_or_after(connection, partition, from, query.start_ms)? else {
            return Ok(None);
        };
        from = from.max(first);
    }
    if let Some(after_end) = query.end_ms.checked_add(1)
        && let Some(first_beyond) = bounds::first_at_or_after(connection, partition, from, after_end)?
    {
        to = to.min(first_beyond.saturating_sub(1));
    }
    Ok((from <= to).then_some(from..=to))
}

fn runs_backwards(
    connection: &Connection,
    timeline: i64,
    range: &RangeInclusive<u64>,
    page: &mut Page<'_>,
) -> Outcome<()> {
    let sql = "SELECT seqs FROM run WHERE timeline = ?1 AND first_seq <= ?2 ORDER BY first_seq DESC";
    let mut select = connection.prepare_cached(sql)?;
    let mut runs = select.query(params![timeline, *range.end() as i64])?;
    while !page.is_full()
        && let Some(run) = runs.next()?
    {
        let seqs = run.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        if page.add(seqs, range)? == Reach::BeforeRange {
            break;
        }
    }
    Ok(())
}

fn runs_forwards(
    connection: &Connection,
    timeline: i64,
    range: &RangeInclusive<u64>,
    page: &mut Page<'_>,
) -> Outcome<()> {
    // The run that holds the beginning is the last one that starts at or before it.
    let sql =
        "SELECT first_seq FROM run WHERE timeline = ?1 AND first_seq <= ?2 ORDER BY first_seq DESC LIMIT 1";
    let (from, to) = (*range.start() as i64, *range.end() as i64);
    let first: Option<i64> =
        connection.prepare_cached(sql)?.query_row(params![timeline, from], |row| row.get(0)).optional()?;
    let sql = "SELECT seqs FROM run WHERE timeline = ?1 AND first_seq BETWEEN ?2 AND ?3 ORDER BY first_seq";
    let mut select = connection.prepare_cached(sql)?;
    let mut runs = select.query(params![timeline, first.unwrap_or(from), to])?;
    while !page.is_full()
        && let Some(run) = runs.next()?
    {
        page.add(run.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, range)?;
    }
    Ok(())
}

/// Whether a list of sequence numbers begins before a range, so that older lists have nothing of it.
#[derive(PartialEq, Eq)]
enum Reach {
    BeforeRange,
    Within,
}

/// The answer as it fills.
struct Page<'a> {
    query: &'a HistoryQuery,
    partition: PartitionId,
    rows: Vec<Row>,
    entry: CachedStatement<'a>,
}

fn entry_statement(connection: &Connection) -> Outcome<CachedStatement<'_>> {
    Ok(connection.prepare_cached("SELECT epoch, time_ms, items, body FROM entry WHERE id = ?1")?)
}

impl Page<'_> {
    fn is_full(&self) -> bool {
        self.rows.len() >= self.query.limit
    }

    /// Adds the entries of a packed list that lie in the range, in the query's direction, until the page is full.
    fn add(&mut self, seqs: &[u8], range: &RangeInclusive<u64>) -> Outcome<Reach> {
        let mut seqs = unpack(seqs)?;
        let reach = if seqs.first().is_some_and(|first| first < range.start()) {
            Reach::BeforeRange
        } else {
            Reach::Within
        };
        if self.query.direction == Direction::Backwards {
            seqs.reverse();
        }
        for seq in seqs.into_iter().filter(|seq| range.contains(seq)) {
            if self.is_full() {
                break;
            }
            let row = self.read(seq)?;
            self.rows.push(row);
        }
        Ok(reach)
    }

    fn read(&mut self, seq: u64) -> Outcome<Row> {
        let mut rows = self.entry.query([entry_id(self.partition, seq)])?;
        let row = rows.next()?.ok_or(Failure::Damaged("an entry that a channel lists is missing"))?;
        let body = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        Ok(Row {
            partition: self.partition,
            channel: self.query.channel.clone(),
            kind: self.query.kind,
            serial: Serial::new(row.get(0)?, seq),
            time_ms: unsigned(row.get(1)?)?,
            items: row.get(2)?,
            body: Bytes::copy_from_slice(body),
        })
    }
}
