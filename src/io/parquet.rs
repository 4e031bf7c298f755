//! Parquet: the columns that count, row group by row group, some rows at a time.
//!
//! Texts are read as views into the pages that they came in, so that a value that a dictionary holds once is in memory
//! once, however many rows have it. A row group that is broken is a reject, and the next one is read.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Field, Float32Type, Float64Type, Schema, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;

use crate::model::Date;

use super::columns::Role;
use super::decode::{Encoding, decode_line};
use super::fields::{Fields, Scalar};
use super::record::Layout;
use super::{Columns, Format, Note, Place, Reason, Record, Reject};

/// Rows that are read at a time.
const ROWS: usize = 256;

/// Some rows of a table, in the columns that count.
#[derive(Debug)]
pub(super) struct Batch {
    columns: Arc<Columns>,
    values: Vec<(Role, ArrayRef)>,
}

impl Batch {
    /// Reads the note of a row.
    pub(super) fn read<'r>(&'r self, record: &'r Record, row: usize) -> Result<Note<'r>, Reason> {
        let mut fields = Fields::default();
        let mut encoding = Encoding::default();
        for (role, column) in &self.values {
            let (value, decoded) = value(column, row);
            if *role == Role::Text {
                encoding = decoded;
            }
            fields.set(*role, value);
        }
        fields.note(record, &self.columns, encoding)
    }

    /// Bytes of a row's text.
    pub(super) fn size(&self, row: usize) -> usize {
        let text = self.values.iter().find(|(role, _)| *role == Role::Text);
        text.map_or(0, |(_, column)| match column.data_type() {
            DataType::Utf8View => column.as_string_view().value(row).len(),
            DataType::BinaryView => column.as_binary_view().value(row).len(),
            _ => 0,
        })
    }
}

/// The value of a row, and how its bytes were decoded.
fn value(column: &ArrayRef, row: usize) -> (Scalar<'_>, Encoding) {
    let kind = column.data_type();
    let value = match kind {
        DataType::Null => Scalar::Null,
        _ if column.is_null(row) => Scalar::Null,
        DataType::Utf8View => Scalar::Text(column.as_string_view().value(row).into()),
        DataType::BinaryView => {
            let decoded = decode_line(column.as_binary_view().value(row));
            return (Scalar::Text(decoded.text), decoded.encoding);
        }
        DataType::Float32 => Scalar::number(column.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => Scalar::number(column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => Scalar::Other("true or false"),
        kind if kind.is_integer() || kind.is_decimal() => {
            let options = FormatOptions::default();
            let written =
                ArrayFormatter::try_new(column, &options).and_then(|all| all.value(row).try_to_string());
            written.map_or(Scalar::Other("a number"), Scalar::Number)
        }
        _ => day(column, row).map_or(Scalar::Other("a value of another kind"), Scalar::Day),
    };
    (value, Encoding::Utf8)
}

/// The day of a date or a time; of a time with a zone, the day in UTC, in which Parquet keeps it.
fn day(column: &ArrayRef, row: usize) -> Option<Date> {
    let day = match column.data_type() {
        DataType::Date32 => column.as_primitive::<Date32Type>().value_as_date(row),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            column.as_primitive::<TimestampMillisecondType>().value_as_date(row)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            column.as_primitive::<TimestampMicrosecondType>().value_as_date(row)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            column.as_primitive::<TimestampNanosecondType>().value_as_date(row)
        }
        _ => None,
    };
    day?.to_string().parse().ok()
}

/// The records of a Parquet file.
pub(super) struct Rows {
    file: File,
    metadata: ArrowReaderMetadata,
    /// The columns that are read, by their place in the file.
    read: Vec<usize>,
    /// What those columns hold, by their place among those that are read.
    places: Vec<(usize, Role)>,
    columns: Arc<Columns>,
    /// The row groups that were not begun yet.
    groups: Range<usize>,
    /// The row group that is being read.
    reader: Option<ParquetRecordBatchReader>,
    /// The rows of it that were not handed out yet.
    batch: Option<(Arc<Batch>, Range<usize>)>,
    /// Rows of the file up to the end of the row group that is being read.
    rows: u64,
    /// The number of the next row, from 1.
    next: u64,
    path: Arc<str>,
    name: Arc<str>,
}

impl Rows {
    /// The rows of a file; `name` starts the ids of those that have none.
    ///
    /// # Errors
    /// Where it is no Parquet, or lacks a column that is needed.
    pub(super) fn open(
        file: File,
        format: Format,
        columns: &Arc<Columns>,
        path: Arc<str>,
        name: Arc<str>,
    ) -> Result<Self, Reason> {
        let metadata = metadata(&file).map_err(|error| broken(&error))?;
        let header: Vec<String> =
            metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
        let mut places = columns.places(&header, format == Format::Omop)?;
        let mut read: Vec<usize> = places.iter().map(|(at, _)| *at).collect();
        read.sort_unstable();
        read.dedup();
        for (at, _) in &mut places {
            *at = read.binary_search(at).unwrap_or_default();
        }
        let groups = 0..metadata.metadata().num_row_groups();
        Ok(Self {
            file,
            metadata,
            read,
            places,
            columns: columns.clone(),
            groups,
            reader: None,
            batch: None,
            rows: 0,
            next: 1,
            path,
            name,
        })
    }

    /// The next row of the batch.
    fn row(&mut self) -> Option<Record> {
        let (batch, rows) = self.batch.as_mut()?;
        let row = rows.next()?;
        let place = Place { file: self.path.clone(), record: Some(self.next), offset: None };
        self.next += 1;
        let layout = Layout::Parquet(batch.clone(), row);
        Some(Record { place, name: self.name.clone(), layout, bytes: Vec::new() })
    }

    /// Begins with a row group.
    fn begin(&mut self, group: usize) -> Result<(), ParquetError> {
        self.next = self.rows + 1;
        let rows = self.metadata.metadata().row_group(group).num_rows();
        self.rows += u64::try_from(rows).unwrap_or_default();
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), self.read.iter().copied());
        let file = self.file.try_clone()?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let reader = builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(ROWS);
        self.reader = Some(reader.build()?);
        Ok(())
    }

    /// Takes a batch.
    fn take(&mut self, batch: &RecordBatch) {
        let column =
            |&(at, role): &(usize, Role)| batch.columns().get(at).map(|column| (role, column.clone()));
        let values = self.places.iter().filter_map(column).collect();
        let rows = 0..batch.num_rows();
        self.batch = Some((Arc::new(Batch { columns: self.columns.clone(), values }), rows));
    }

    /// What is said of a row group that is broken: all of its rows that were not handed out are in it.
    fn reject(&mut self, error: &ParquetError) -> Reject {
        self.reader = None;
        let place = Place { file: self.path.clone(), record: Some(self.next), offset: None };
        Reject { place, reason: broken(error) }
    }
}

impl Iterator for Rows {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.row() {
                return Some(Ok(record));
            }
            self.batch = None;
            match self.reader.as_mut().and_then(Iterator::next) {
                Some(Ok(batch)) => self.take(&batch),
                Some(Err(error)) => return Some(Err(self.reject(&ParquetError::from(error)))),
                None => {
                    self.reader = None;
                    let group = self.groups.next()?;
                    if let Err(error) = self.begin(group) {
                        return Some(Err(self.reject(&error)));
                    }
                }
            }
        }
    }
}

/// What a file says of itself, with all texts as views, whatever they were before they were written.
fn metadata(file: &File) -> Result<ArrowReaderMetadata, ParquetError> {
    let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::load(file, options())?;
    let view = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View)),
        DataType::Binary => Arc::new(field.as_ref().clone().with_data_type(DataType::BinaryView)),
        _ => field.clone(),
    };
    let fields: Vec<_> = plain.schema().fields().iter().map(view).collect();
    let schema = Schema::new_with_metadata(fields, plain.schema().metadata().clone());
    ArrowReaderMetadata::try_new(plain.metadata().clone(), options().with_schema(Arc::new(schema)))
}

fn broken(error: &ParquetError) -> Reason {
    Reason::BrokenParquet(error.to_string())
}
