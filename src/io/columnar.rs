//! Notes in tables that are in memory, in the layout of Apache Arrow: a file of Parquet once it is read, or what another
//! program hands over. No text is copied.
//!
//! ```
//! use std::sync::Arc;
//! use arrow::array::{ArrayRef, RecordBatch, StringArray};
//! use foramen::io::{Batches, Column, Columns};
//!
//! let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("MRI LUMBAR SPINE"), None]));
//! let batch = RecordBatch::try_from_iter([("report", texts)]).unwrap();
//! let columns = Columns::default().with(Column::Text, "report");
//! let mut records = Batches::new(&batch.schema(), [batch.clone()], columns, "notes").unwrap();
//! let record = records.next().unwrap().unwrap();
//! assert_eq!(record.notes()[0].as_ref().unwrap().id, "notes:1");
//! let rejected = records.next().unwrap().unwrap().notes().remove(0).unwrap_err();
//! assert_eq!(rejected.to_string(), "notes:2: the field `report` holds null, not text: export it as text");
//! ```

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, GenericByteArray, RecordBatch, downcast_dictionary_array};
use arrow::datatypes::{
    ArrowNativeType, ByteArrayType, DataType, Date32Type, Date64Type, Float32Type, Float64Type, Schema,
    TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::model::Date;

use super::decode::{Encoding, decode_line};
use super::fields::{Fields, Scalar};
use super::record::Layout;
use super::{Column, Columns, Note, Place, Reason, Record, Reject};

/// Some rows of a table, in the columns that count.
#[derive(Debug)]
pub(super) struct Batch {
    columns: Arc<Columns>,
    values: Vec<(Column, ArrayRef)>,
}

impl Batch {
    /// The rows of `batch`, in the columns that stand at `places`.
    pub(super) fn new(batch: &RecordBatch, places: &[(usize, Column)], columns: &Arc<Columns>) -> Self {
        let values = |&(at, column): &(usize, Column)| Some((column, as_bytes(batch.columns().get(at)?)));
        Self { columns: columns.clone(), values: places.iter().filter_map(values).collect() }
    }

    /// Reads the note of a row.
    pub(super) fn read<'r>(&'r self, record: &'r Record, row: usize) -> Result<Note<'r>, Reason> {
        let mut fields = Fields::default();
        let mut encoding = Encoding::default();
        for (column, values) in &self.values {
            let (value, decoded) = value(values, row);
            if *column == Column::Text {
                encoding = decoded;
            }
            fields.set(*column, value);
        }
        fields.note(record, &self.columns, encoding)
    }

    /// The bytes of a row's text.
    pub(super) fn text(&self, row: usize) -> &[u8] {
        let text = self.values.iter().find(|(column, _)| *column == Column::Text);
        text.and_then(|(_, values)| bytes(values, row)).unwrap_or_default()
    }
}

/// Short texts that stand in the column itself are views too; their bytes are looked at when they are decoded, and not
/// taken for UTF-8 before, since another program may have written them.
fn as_bytes(column: &ArrayRef) -> ArrayRef {
    match column.data_type() {
        DataType::Utf8View => Arc::new(column.as_string_view().clone().to_binary_view()),
        DataType::Dictionary(_, values) if **values == DataType::Utf8View => {
            let dictionary = column.as_any_dictionary();
            dictionary.with_values(as_bytes(dictionary.values()))
        }
        _ => column.clone(),
    }
}

/// The bytes of a row of a text; `None` for what is no text or null.
fn bytes(column: &ArrayRef, row: usize) -> Option<&[u8]> {
    match column.data_type() {
        _ if column.is_null(row) => None,
        DataType::Utf8 => cut(column.as_string::<i32>(), row),
        DataType::LargeUtf8 => cut(column.as_string::<i64>(), row),
        DataType::Binary => cut(column.as_binary::<i32>(), row),
        DataType::LargeBinary => cut(column.as_binary::<i64>(), row),
        DataType::BinaryView => Some(column.as_binary_view().value(row)),
        DataType::Dictionary(..) => {
            let (values, key) = entry(column, row)?;
            bytes(values, key)
        }
        _ => None,
    }
}

fn cut<T: ByteArrayType>(column: &GenericByteArray<T>, row: usize) -> Option<&[u8]> {
    let offsets = column.value_offsets();
    column.value_data().get(offsets.get(row)?.as_usize()..offsets.get(row + 1)?.as_usize())
}

/// Where a row of a dictionary has its value.
fn entry(column: &ArrayRef, row: usize) -> Option<(&ArrayRef, usize)> {
    downcast_dictionary_array!(
        column => column.key(row).filter(|&key| key < column.values().len()).map(|key| (column.values(), key)),
        _ => None
    )
}

/// The value of a row, and how its bytes were decoded.
fn value(column: &ArrayRef, row: usize) -> (Scalar<'_>, Encoding) {
    if let Some(bytes) = bytes(column, row) {
        let decoded = decode_line(bytes);
        return (Scalar::Text(decoded.text), decoded.encoding);
    }
    let kind = column.data_type();
    let value = match kind {
        DataType::Null => Scalar::Null,
        _ if column.is_null(row) => Scalar::Null,
        DataType::Dictionary(..) => {
            return entry(column, row)
                .map_or((Scalar::Null, Encoding::Utf8), |(values, key)| value(values, key));
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

/// The day of a date or a time; of a time with a zone, the day in UTC, in which Arrow keeps it.
fn day(column: &ArrayRef, row: usize) -> Option<Date> {
    let day = match column.data_type() {
        DataType::Date32 => column.as_primitive::<Date32Type>().value_as_date(row),
        DataType::Date64 => column.as_primitive::<Date64Type>().value_as_date(row),
        DataType::Timestamp(TimeUnit::Second, _) => {
            column.as_primitive::<TimestampSecondType>().value_as_date(row)
        }
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

/// The records of batches of a table, one a row.
#[derive(Debug)]
pub struct Batches<I> {
    source: I,
    places: Vec<(usize, Column)>,
    columns: Arc<Columns>,
    name: Arc<str>,
    /// The rows that were not handed out yet.
    batch: Option<(Arc<Batch>, Range<usize>)>,
    /// The number of the next row, from 1.
    next: u64,
}

impl<I: Iterator<Item = RecordBatch>> Batches<I> {
    /// The rows of `batches`, all of this `schema`. `name` stands for the file in what is told of a row, and begins the
    /// ids of rows that have none.
    ///
    /// # Errors
    /// Where a column that is needed is not there or stands twice, or the one of the notes holds no text.
    pub fn new(
        schema: &Schema,
        batches: impl IntoIterator<IntoIter = I>,
        columns: Columns,
        name: &str,
    ) -> Result<Self, Reason> {
        let header: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let places = columns.places(&header, false)?;
        let text = places.iter().find(|(_, column)| *column == Column::Text);
        if let Some(found) = text.and_then(|&(at, _)| not_text(schema.field(at).data_type())) {
            return Err(Reason::NotText { field: columns.name(Column::Text).to_owned(), found });
        }
        Ok(Self {
            source: batches.into_iter(),
            places,
            columns: Arc::new(columns),
            name: name.into(),
            batch: None,
            next: 1,
        })
    }
}

/// What a column of this type holds, if that is no text.
fn not_text(kind: &DataType) -> Option<&'static str> {
    match kind {
        DataType::Dictionary(_, values) => not_text(values),
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        // A column without any value has no type of its own in many tools.
        | DataType::Null => None,
        DataType::Boolean => Some("true or false"),
        kind if kind.is_numeric() => Some("numbers"),
        kind if kind.is_temporal() => Some("times"),
        _ => Some("values of another kind"),
    }
}

impl<I: Iterator<Item = RecordBatch>> Iterator for Batches<I> {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((batch, rows)) = &mut self.batch
                && let Some(row) = rows.next()
            {
                let place = Place { file: self.name.clone(), record: Some(self.next), offset: None };
                self.next += 1;
                let layout = Layout::Columns(batch.clone(), row);
                return Some(Ok(Record { place, name: self.name.clone(), layout, bytes: Vec::new() }));
            }
            let batch = self.source.next()?;
            let rows = 0..batch.num_rows();
            self.batch = Some((Arc::new(Batch::new(&batch, &self.places, &self.columns)), rows));
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        BinaryArray, BinaryViewArray, Date64Array, DictionaryArray, Int64Array, LargeBinaryArray,
        LargeStringArray, NullArray, StringArray, StringViewArray, TimestampSecondArray,
    };
    use arrow::datatypes::{Field, Int8Type, Int32Type};

    use super::*;

    /// The notes of a table of these columns, each told by `tell`, or the record and reason of a reject.
    fn read(columns: Vec<(&str, ArrayRef)>, tell: impl Fn(Note<'_>) -> String) -> Vec<String> {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, values)| (name, values, true)),
        )
        .unwrap();
        // Cut in two, so that rows are counted on.
        let batches = [batch.slice(0, 1), batch.slice(1, batch.num_rows() - 1)];
        let records = Batches::new(&batch.schema(), batches, Columns::default(), "t").unwrap();
        let rejected = |reject: Reject| format!("{} {}", reject.place, reject.reason.name());
        records.map(|record| record.unwrap().notes().remove(0).map_or_else(rejected, &tell)).collect()
    }

    #[test]
    fn texts_of_every_kind_are_read() {
        let texts = [Some("a"), None, Some("ä\n that is longer than a view"), Some("")];
        let bytes = texts.map(|text| text.map(str::as_bytes));
        let kinds: [ArrayRef; 9] = [
            Arc::new(StringArray::from_iter(texts)),
            Arc::new(LargeStringArray::from_iter(texts)),
            Arc::new(StringViewArray::from_iter(texts)),
            Arc::new(BinaryArray::from_iter(bytes)),
            Arc::new(LargeBinaryArray::from_iter(bytes)),
            Arc::new(BinaryViewArray::from_iter(bytes)),
            Arc::new(texts.into_iter().collect::<DictionaryArray<Int32Type>>()),
            Arc::new(DictionaryArray::<Int8Type>::new(
                vec![Some(1), Some(0), Some(2), Some(3)].into(),
                Arc::new(LargeStringArray::from(vec![None, texts[0], texts[2], texts[3]])),
            )),
            Arc::new(DictionaryArray::<Int8Type>::new(
                vec![Some(0), None, Some(1), Some(2)].into(),
                Arc::new(StringViewArray::from(vec![texts[0], texts[2], texts[3]])),
            )),
        ];
        for kind in kinds {
            let told = kind.data_type().to_string();
            let found = read(vec![("text", kind)], |note| format!("{} {:?}", note.id, note.text));
            let long = "t:3 \"ä\\n that is longer than a view\"";
            assert_eq!(found, ["t:1 \"a\"", "t:2 not_text", long, "t:4 \"\""], "{told}");
        }
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_windows_1252() {
        let column: ArrayRef = Arc::new(BinaryArray::from_iter_values([&b"L4\x96L5"[..], b"x"]));
        let found = read(vec![("text", column)], |note| format!("{} {}", note.text, note.encoding.name()));
        assert_eq!(found, ["L4–L5 windows-1252", "x utf-8"]);
    }

    #[test]
    fn what_stands_beside_the_note_is_read_whatever_its_type() {
        let day = 19_792; // 2024-03-10
        let days: [ArrayRef; 3] = [
            Arc::new(Date64Array::from(vec![Some(day * 86_400_000), None])),
            Arc::new(TimestampSecondArray::from(vec![Some(day * 86_400 + 1), None])),
            Arc::new(DictionaryArray::<Int32Type>::from_iter([Some("2024-03-10"), None])),
        ];
        let ids: ArrayRef = Arc::new(DictionaryArray::<Int8Type>::new(
            vec![Some(0), None].into(),
            Arc::new(Int64Array::from(vec![7])),
        ));
        for day in days {
            let text: ArrayRef = Arc::new(StringArray::from(vec!["a", "b"]));
            let columns = vec![("note_id", ids.clone()), ("service_date", day), ("text", text)];
            let found = read(columns, |note| format!("{} {:?}", note.id, note.service_date));
            assert_eq!(found, ["7 Some(2024-03-10)", "t:2 None"]);
        }
    }

    #[test]
    fn a_table_without_notes_is_one_reason() {
        let kind = |kind| Schema::new(vec![Field::new("text", kind, true)]);
        let date = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Date32));
        for (schema, expected) in [
            (kind(DataType::Int64), "the field `text` holds numbers, not text: export it as text"),
            (kind(date), "the field `text` holds times, not text: export it as text"),
            (
                kind(DataType::new_list(DataType::Utf8, true)),
                "the field `text` holds values of another kind, not text: export it as text",
            ),
            (Schema::empty(), "no column `text`"),
        ] {
            let reason = Batches::new(&schema, [], Columns::default(), "t").unwrap_err().to_string();
            assert!(reason.starts_with(expected), "{reason}");
        }
        let nothing: ArrayRef = Arc::new(NullArray::new(2));
        assert_eq!(
            read(vec![("text", nothing)], |note| note.id.into_owned()),
            ["t:1 not_text", "t:2 not_text"]
        );
    }
}
