//! Opened tables: the same reading of records from a read and from a write transaction.
//!
//! A write transaction sees its own changes, so that commands which share a commit are each decided on what the one
//! before it left. Nothing here knows what a record means.

use redb::{Key, ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition, Value, WriteTransaction};

use super::Fault;
use super::codec::{Packed, Record};

/// Opens tables for reading, in a read or a write transaction.
pub trait Tables {
    /// An opened table.
    type Opened<'a, K: Key + 'static, V: Value + 'static>: ReadableTable<K, V>
    where
        Self: 'a;

    /// Opens a table.
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'static, K, V>,
    ) -> Result<Self::Opened<'_, K, V>, Fault>;
}

impl Tables for ReadTransaction {
    type Opened<'a, K: Key + 'static, V: Value + 'static> = ReadOnlyTable<K, V>;

    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'static, K, V>,
    ) -> Result<ReadOnlyTable<K, V>, Fault> {
        Ok(self.open_table(definition)?)
    }
}

impl Tables for WriteTransaction {
    type Opened<'a, K: Key + 'static, V: Value + 'static> = Table<'a, K, V>;

    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'static, K, V>,
    ) -> Result<Table<'_, K, V>, Fault> {
        Ok(self.open_table(definition)?)
    }
}

/// The record under `key`.
pub(super) fn record<B: Tables + ?Sized, K: Key + 'static, T: Record + 'static>(
    books: &B,
    table: TableDefinition<'static, K, Packed<T>>,
    key: K::SelfType<'_>,
) -> Result<Option<T>, Fault> {
    books.table(table)?.get(key)?.map(|image| image.value().unpack()).transpose()
}

/// Every record of a table, by key: for tables that stay short.
pub(super) fn all<B: Tables + ?Sized, K: Key + 'static, T: Record + 'static>(
    books: &B,
    table: TableDefinition<'static, K, Packed<T>>,
) -> Result<Vec<T>, Fault> {
    books.table(table)?.iter()?.map(|row| row?.1.value().unpack()).collect()
}
