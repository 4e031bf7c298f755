//! Parquet: the columns that count, row group by row group, some rows at a time.
//!
//! Texts are read as views into the pages that they came in, so that a value that a dictionary holds once is in memory
//! once, however many rows have it. A row group that is broken is a reject, and the next one is read.

use std::fs::File;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;

use super::columnar::Batch;
use super::files::Meter;
use super::record::Layout;
use super::{Column, Columns, Format, Place, Reason, Record, Reject};

/// Rows that are read at a time.
const ROWS: usize = 256;

/// The records of a Parquet file.
pub(super) struct Rows {
    file: File,
    metadata: ArrowReaderMetadata,
    /// The columns that are read, by their place in the file.
    read: Vec<usize>,
    /// What those columns hold, by their place among those that are read.
    places: Vec<(usize, Column)>,
    columns: Arc<Columns>,
    /// The row groups that were not begun yet.
    groups: Range<usize>,
    /// The row group that is being read.
    reader: Option<ParquetRecordBatchReader>,
    /// The rows of it that were not handed out yet.
    batch: Option<(Arc<Batch>, Range<usize>)>,
    /// How many rows of the file stand before the next row group.
    before: u64,
    /// The number of the next row, from 1.
    next: u64,
    path: Arc<str>,
    name: Arc<str>,
    meter: Meter,
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
        let metadata = guarded(|| metadata(&file)).map_err(|error| broken(&error))?;
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
            before: 0,
            next: 1,
            path,
            name,
            meter: Meter::default(),
        })
    }

    /// The same rows, whose bytes are counted, a row group at a time.
    pub(super) fn metered(self, meter: Meter) -> Self {
        Self { meter, ..self }
    }

    /// The next row of the batch.
    fn row(&mut self) -> Option<Record> {
        let (batch, rows) = self.batch.as_mut()?;
        let row = rows.next()?;
        let place = Place { file: self.path.clone(), record: Some(self.next), offset: None };
        self.next += 1;
        let layout = Layout::Columns(batch.clone(), row);
        Some(Record { place, name: self.name.clone(), layout, bytes: Vec::new() })
    }

    /// Begins with a row group.
    fn begin(&mut self, group: usize) -> Result<(), ParquetError> {
        self.next = self.before + 1;
        let group_data = self.metadata.metadata().row_group(group);
        self.before = self.before.saturating_add(u64::try_from(group_data.num_rows()).unwrap_or_default());
        self.meter.add(u64::try_from(group_data.compressed_size()).unwrap_or_default());
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), self.read.iter().copied());
        let file = self.file.try_clone()?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let reader = builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(ROWS);
        self.reader = Some(reader.build()?);
        Ok(())
    }

    /// Takes a batch.
    fn take(&mut self, batch: &RecordBatch) {
        let rows = 0..batch.num_rows();
        self.batch = Some((Arc::new(Batch::new(batch, &self.places, &self.columns)), rows));
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
            match guarded(|| self.reader.as_mut().and_then(Iterator::next).transpose()) {
                Ok(Some(batch)) => self.take(&batch),
                Err(error) => return Some(Err(self.reject(&error))),
                Ok(None) => {
                    self.reader = None;
                    let group = self.groups.next()?;
                    if let Err(error) = guarded(|| self.begin(group)) {
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

/// What `read` gives; an error where it panics, as the library does on some files whose parts contradict each other.
/// What it was reading is not used after that.
fn guarded<T, E: Into<ParquetError>>(read: impl FnOnce() -> Result<T, E>) -> Result<T, ParquetError> {
    let contradiction = |_| ParquetError::General("its parts contradict each other".into());
    catch_unwind(AssertUnwindSafe(read)).map_err(contradiction)?.map_err(E::into)
}

fn broken(error: &ParquetError) -> Reason {
    Reason::BrokenParquet(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io::{Seek, SeekFrom, Write};

    use arrow::array::{
        Array, ArrayRef, BinaryArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array,
        Int64Array, LargeStringArray, StringArray, StringViewArray, TimestampMicrosecondArray,
        TimestampNanosecondArray,
    };
    use arrow::datatypes::Int32Type;
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    use super::*;
    use crate::io::Note;

    fn column(name: &str, values: impl Array + 'static) -> (String, ArrayRef) {
        (name.to_owned(), Arc::new(values))
    }

    /// A Parquet file of these columns with two rows in a row group.
    fn file(columns: Vec<(String, ArrayRef)>, compression: Compression) -> File {
        let field = |(at, (name, values)): (usize, &(String, ArrayRef))| {
            let id = HashMap::from([("PARQUET:field_id".to_owned(), at.to_string())]);
            Field::new(name, values.data_type().clone(), true).with_metadata(id)
        };
        let schema = Arc::new(Schema::new(columns.iter().enumerate().map(field).collect::<Vec<_>>()));
        let batch =
            RecordBatch::try_new(schema.clone(), columns.into_iter().map(|(_, values)| values).collect());
        let properties =
            WriterProperties::builder().set_max_row_group_row_count(Some(2)).set_compression(compression);
        let mut file = tempfile::tempfile().unwrap();
        let mut writer =
            ArrowWriter::try_new(file.try_clone().unwrap(), schema, Some(properties.build())).unwrap();
        writer.write(&batch.unwrap()).unwrap();
        writer.close().unwrap();
        file.rewind().unwrap();
        file
    }

    fn open(file: File, format: Format) -> Result<Rows, Reason> {
        Rows::open(file, format, &Arc::new(Columns::default()), "t.parquet".into(), "t".into())
    }

    /// The notes of a file, each told by `tell`, or the record and kind of a reject.
    fn read(file: File, tell: impl Fn(Note<'_>) -> String) -> Vec<String> {
        let rejected = |Reject { place, reason }: Reject| format!("{place} {}", reason.name());
        let told = |item: Result<Record, Reject>| match item {
            Ok(record) => record.notes().remove(0).map_or_else(rejected, &tell),
            Err(reject) => rejected(reject),
        };
        open(file, Format::Parquet).unwrap().map(told).collect()
    }

    #[test]
    fn texts_of_every_kind_are_read() {
        let texts = ["a", "b", "ä\n", "", "e"];
        let kinds: [ArrayRef; 5] = [
            Arc::new(StringArray::from_iter_values(texts)),
            Arc::new(LargeStringArray::from_iter_values(texts)),
            Arc::new(StringViewArray::from_iter_values(texts)),
            Arc::new(BinaryArray::from_iter_values(texts)),
            Arc::new(texts.into_iter().collect::<DictionaryArray<Int32Type>>()),
        ];
        for kind in kinds {
            for compression in [
                Compression::UNCOMPRESSED,
                Compression::SNAPPY,
                Compression::GZIP(GzipLevel::default()),
                Compression::ZSTD(ZstdLevel::default()),
                Compression::LZ4_RAW,
                Compression::BROTLI(BrotliLevel::default()),
            ] {
                let told = format!("{} {compression}", kind.data_type());
                let x = column("x", Int64Array::from_iter_values(0..5));
                let file = file(vec![x, ("text".into(), kind.clone())], compression);
                let found = read(file, |note| format!("{} {:?}", note.id, note.text));
                assert_eq!(
                    found,
                    ["t:1 \"a\"", "t:2 \"b\"", "t:3 \"ä\\n\"", "t:4 \"\"", "t:5 \"e\""],
                    "{told}"
                );
            }
        }
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_windows_1252() {
        let text = column("text", BinaryArray::from_iter_values([&b"L4\x96L5"[..], b"x"]));
        let found = read(file(vec![text], Compression::UNCOMPRESSED), |note| {
            format!("{} {}", note.text, note.encoding.name())
        });
        assert_eq!(found, ["L4–L5 windows-1252", "x utf-8"]);
    }

    #[test]
    fn ids_and_days_are_read_whatever_their_type() {
        let day = 19_792; // 2024-03-10
        let micros = day * 86_400_000_000 + 1;
        let ids: [(&str, ArrayRef); 5] = [
            ("7", Arc::new(Int64Array::from(vec![Some(7), None]))),
            ("7", Arc::new(Float64Array::from(vec![Some(7.0), None]))),
            (
                "7",
                Arc::new(Decimal128Array::from(vec![Some(7), None]).with_precision_and_scale(38, 0).unwrap()),
            ),
            ("P-7", Arc::new(StringArray::from(vec![Some("P-7"), None]))),
            ("P-7", Arc::new(DictionaryArray::<Int32Type>::from_iter([Some("P-7"), None]))),
        ];
        let days: [ArrayRef; 6] = [
            Arc::new(Date32Array::from(vec![Some(day as i32), None])),
            Arc::new(TimestampMicrosecondArray::from(vec![Some(micros), None])),
            Arc::new(
                TimestampMicrosecondArray::from(vec![Some(micros), None]).with_timezone("America/Chicago"),
            ),
            Arc::new(TimestampNanosecondArray::from(vec![Some(micros * 1000), None])),
            Arc::new(Int64Array::from(vec![Some(20_240_310), None])),
            Arc::new(StringArray::from(vec![Some("2024-03-10T08:00:00Z"), None])),
        ];
        for (at, day) in days.into_iter().enumerate() {
            let (expected, id) = ids[at % ids.len()].clone();
            let columns = vec![
                ("note_id".into(), id.clone()),
                ("PATIENT_ID".into(), id),
                ("service_date".into(), day),
                column("Text", StringArray::from(vec!["a", "b"])),
            ];
            let found = read(file(columns, Compression::SNAPPY), |note| {
                format!("{} {:?} {:?}", note.id, note.patient_id, note.service_date)
            });
            let first = format!("{expected} {:?} Some(2024-03-10)", Some(expected));
            assert_eq!(found, [first.as_str(), "t:2 None None"], "{at}");
        }
    }

    #[test]
    fn a_row_without_a_note_is_a_reject() {
        let text = column("text", StringArray::from(vec![Some("a"), None, Some("c")]));
        let found = read(file(vec![text], Compression::SNAPPY), |note| note.id.into_owned());
        assert_eq!(found, ["t:1", "t.parquet:2 not_text", "t:3"]);
        let number = file(vec![column("text", Int64Array::from(vec![1]))], Compression::SNAPPY);
        assert_eq!(read(number, |note| note.id.into_owned()), ["t.parquet:1 not_text"]);
    }

    #[test]
    fn a_table_that_cannot_be_used_is_one_reason() {
        let other = || vec![column("report", StringArray::from(vec!["a"]))];
        let reason = open(file(other(), Compression::SNAPPY), Format::Parquet).err().unwrap();
        assert!(reason.to_string().starts_with("no column `text`; there are `report`"), "{reason}");
        let whole = file(other(), Compression::SNAPPY);
        let length = whole.metadata().unwrap().len();
        for cut in [0, 4, 8, length - 1] {
            whole.set_len(cut).unwrap();
            let reason = open(whole.try_clone().unwrap(), Format::Parquet).err().unwrap();
            assert_eq!(reason.name(), "broken_parquet", "{cut}");
            whole.set_len(length).unwrap();
        }
    }

    #[test]
    fn a_broken_row_group_is_one_reject_and_the_next_is_read() {
        let text = column("text", StringArray::from(vec!["a", "b", "c", "d", "e"]));
        let mut file = file(vec![text], Compression::ZSTD(ZstdLevel::default()));
        let start = metadata(&file).unwrap().metadata().row_group(1).column(0).byte_range().0;
        file.seek(SeekFrom::Start(start)).unwrap();
        file.write_all(&[0xff; 16]).unwrap();
        let found = read(file, |note| format!("{} {}", note.id, note.text));
        assert_eq!(found, ["t:1 a", "t:2 b", "t.parquet:3 broken_parquet", "t:5 e"]);
    }

    #[test]
    fn the_layout_of_omop_is_known() {
        let columns = vec![
            column("note_id", Int64Array::from(vec![1])),
            column("person_id", Int64Array::from(vec![2])),
            column("note_date", Date32Array::from(vec![19_792])),
            column("note_type_concept_id", Int64Array::from(vec![44_814_637])),
            column("note_text", StringArray::from(vec!["a"])),
            column("provider_id", Int64Array::from(vec![None])),
        ];
        let found = read(file(columns, Compression::SNAPPY), |note| {
            format!(
                "{} {:?} {:?} {:?} {}",
                note.id, note.patient_id, note.provider, note.service_date, note.text
            )
        });
        assert_eq!(found, ["1 Some(\"2\") None Some(2024-03-10) a"]);
    }
}
