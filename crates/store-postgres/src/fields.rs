//! Reads the columns of a row, one after the other, as what they should be.

use baari_store::StoreError;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// The columns of a row that have not been read yet.
pub(crate) struct Fields<'r> {
    row: &'r Row,
    next: usize,
}

impl<'r> Fields<'r> {
    /// From the first column on.
    pub(crate) const fn of(row: &'r Row) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the column's name, as for all of these.
    pub(crate) fn take<T: FromSql<'r>>(&mut self) -> Result<T, StoreError> {
        let position = self.next;
        self.next += 1;
        self.row
            .try_get(position)
            .map_err(|error| StoreError::Corrupt(format!("{}: {error}", self.name(position))))
    }

    /// The next column, an identifier.
    pub(crate) fn id<T>(&mut self, typed: impl Fn(uuid::Uuid) -> T) -> Result<T, StoreError> {
        self.take().map(typed)
    }

    /// The next column, an identifier or nothing.
    pub(crate) fn id_or_none<T>(&mut self, typed: impl Fn(uuid::Uuid) -> T) -> Result<Option<T>, StoreError> {
        Ok(self.take::<Option<uuid::Uuid>>()?.map(typed))
    }

    /// The next column, an `integer` that is a count.
    pub(crate) fn count<T: TryFrom<i32>>(&mut self) -> Result<T, StoreError> {
        let value: i32 = self.take()?;
        T::try_from(value).map_err(|_| self.odd(&value))
    }

    /// The next column, a `smallint` that is a count.
    pub(crate) fn small<T: TryFrom<i16>>(&mut self) -> Result<T, StoreError> {
        let value: i16 = self.take()?;
        T::try_from(value).map_err(|_| self.odd(&value))
    }

    /// The next column, a `bigint` that is a count.
    pub(crate) fn large<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        let value: i64 = self.take()?;
        T::try_from(value).map_err(|_| self.odd(&value))
    }

    /// The next column, a `bigint` that is a version.
    pub(crate) fn version(&mut self) -> Result<u64, StoreError> {
        self.large()
    }

    /// The next column, a text that is parsed by `parse`.
    pub(crate) fn text<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let text: &str = self.take()?;
        parse(text).ok_or_else(|| self.odd(&text))
    }

    /// The next column, a text that is parsed by `parse`, or nothing.
    pub(crate) fn text_or_none<T>(
        &mut self,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<&str> = self.take()?;
        text.map(|text| parse(text).ok_or_else(|| self.odd(&text))).transpose()
    }

    /// The next column, a SHA-256 digest.
    pub(crate) fn digest(&mut self) -> Result<[u8; 32], StoreError> {
        self.digest_or_none()?.ok_or_else(|| self.odd(&None::<()>))
    }

    /// The next column, a SHA-256 digest or nothing.
    pub(crate) fn digest_or_none(&mut self) -> Result<Option<[u8; 32]>, StoreError> {
        let bytes: Option<&[u8]> = self.take()?;
        bytes.map(|bytes| bytes.try_into().map_err(|_| self.odd(&bytes.len()))).transpose()
    }

    fn name(&self, position: usize) -> &str {
        self.row.columns().get(position).map_or("a missing column", |column| column.name())
    }

    /// The column read last holds what it can't.
    fn odd(&self, value: &dyn std::fmt::Debug) -> StoreError {
        StoreError::Corrupt(format!("{}: {value:?}", self.name(self.next - 1)))
    }
}

/// Reads every row.
pub(crate) fn each<T>(
    rows: &[Row],
    read: impl Fn(&mut Fields<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| read(&mut Fields::of(row))).collect()
}

/// A version or another large count as the database holds it.
///
/// # Errors
/// [`StoreError::Refused`] past 2⁶³.
pub(crate) fn to_bigint(count: u64) -> Result<i64, StoreError> {
    i64::try_from(count).map_err(|_| StoreError::Refused(format!("{count} is out of range")))
}
