//! Columns of tables: what a cell may hold, and how a table is declared.
//!
//! [`table!`] makes two structs of one declaration: a row, whose fields are the cells, and the columns that rows are
//! pushed to. So a row that lacks a cell, or has one of another type, does not compile.

use std::fmt::{Display, Write};
use std::sync::Arc;

use arrow::array::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, Int64Builder, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::SCHEMA;
use crate::model::Date;

/// What the cells of a column hold.
pub(super) trait Kind {
    /// A cell.
    type Cell<'a>;
    /// The cells of the rows so far.
    type Column: ArrayBuilder;
    /// The type in Arrow.
    const TYPE: DataType;
    /// Whether a cell may be empty: nothing is known.
    const NULLABLE: bool = false;

    /// No cells. Most parts of a run have few rows of most tables, so nothing is set aside for them.
    fn column() -> Self::Column;
    /// Adds a cell.
    fn push(column: &mut Self::Column, cell: Self::Cell<'_>);
    /// Adds an empty cell.
    fn push_null(column: &mut Self::Column);
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident($cell:ty) => $builder:ty, $type:ident, $new:expr;)+) => {
        $(
            $(#[$doc])+
            #[derive(Debug)]
            pub(super) enum $kind {}

            impl Kind for $kind {
                type Cell<'a> = $cell;
                type Column = $builder;
                const TYPE: DataType = DataType::$type;

                fn column() -> Self::Column {
                    $new
                }

                fn push(column: &mut Self::Column, cell: Self::Cell<'_>) {
                    column.append_value(cell);
                }

                fn push_null(column: &mut Self::Column) {
                    column.append_null();
                }
            }
        )+
    };
}

kinds! {
    /// Words.
    Text(&'a str) => StringBuilder, Utf8, StringBuilder::with_capacity(0, 0);
    /// Yes or no.
    Bool(bool) => BooleanBuilder, Boolean, BooleanBuilder::with_capacity(0);
    /// A count, or an offset within a note. Signed, since not every reader of Parquet knows unsigned numbers.
    Int(i32) => Int32Builder, Int32, Int32Builder::with_capacity(0);
    /// A place within a file.
    Long(i64) => Int64Builder, Int64, Int64Builder::with_capacity(0);
    /// A rate.
    Float(f64) => Float64Builder, Float64, Float64Builder::with_capacity(0);
}

/// A day.
#[derive(Debug)]
pub(super) enum Day {}

impl Kind for Day {
    type Cell<'a> = Date;
    type Column = Date32Builder;
    const TYPE: DataType = DataType::Date32;

    fn column() -> Self::Column {
        Date32Builder::with_capacity(0)
    }

    fn push(column: &mut Self::Column, day: Date) {
        column.append_value(days(day));
    }

    fn push_null(column: &mut Self::Column) {
        column.append_null();
    }
}

/// Days since 1970-01-01, as Arrow counts them.
pub(super) fn days(day: Date) -> i32 {
    (day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24) as i32
}

/// Words that a value is written as, straight into the column.
#[derive(Debug)]
pub(super) struct Shown<T>(std::marker::PhantomData<T>);

impl<T: Display> Kind for Shown<T> {
    type Cell<'a> = T;
    type Column = StringBuilder;
    const TYPE: DataType = DataType::Utf8;

    fn column() -> Self::Column {
        Text::column()
    }

    fn push(column: &mut Self::Column, cell: T) {
        // Writing to memory cannot fail.
        let _ = write!(column, "{cell}");
        column.append_value("");
    }

    fn push_null(column: &mut Self::Column) {
        column.append_null();
    }
}

/// A cell that may be empty.
#[derive(Debug)]
pub(super) struct Maybe<K>(std::marker::PhantomData<K>);

impl<K: Kind> Kind for Maybe<K> {
    type Cell<'a> = Option<K::Cell<'a>>;
    type Column = K::Column;
    const TYPE: DataType = K::TYPE;
    const NULLABLE: bool = true;

    fn column() -> Self::Column {
        K::column()
    }

    fn push(column: &mut Self::Column, cell: Self::Cell<'_>) {
        match cell {
            Some(cell) => K::push(column, cell),
            None => K::push_null(column),
        }
    }

    fn push_null(column: &mut Self::Column) {
        K::push_null(column);
    }
}

/// Declares a table: the columns, the row, and what each cell is.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $columns:ident of $row:ident {
            $($(#[doc = $doc:literal])+ $name:ident: $kind:ty,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug)]
        pub(crate) struct $columns {
            $($name: <$kind as $crate::tables::column::Kind>::Column,)+
        }

        /// A row.
        struct $row<'a> {
            $($(#[doc = $doc])+ $name: <$kind as $crate::tables::column::Kind>::Cell<'a>,)+
        }

        impl $columns {
            /// No rows.
            pub(crate) fn new() -> Self {
                Self { $($name: <$kind as $crate::tables::column::Kind>::column(),)+ }
            }

            fn push(&mut self, row: $row<'_>) {
                $(<$kind as $crate::tables::column::Kind>::push(&mut self.$name, row.$name);)+
            }

            /// The columns with their types and documentation.
            pub(crate) fn schema() -> arrow::datatypes::SchemaRef {
                static SCHEMA: std::sync::LazyLock<arrow::datatypes::SchemaRef> = std::sync::LazyLock::new(|| {
                    $crate::tables::column::schema(concat!($($about, "\n"),+), vec![
                        $($crate::tables::column::field::<$kind>(stringify!($name), concat!($($doc, "\n"),+)),)+
                    ])
                });
                std::sync::Arc::clone(&SCHEMA)
            }

            /// The rows.
            ///
            /// # Errors
            /// None in practice: rows are pushed whole, so that all columns have the same length.
            pub(crate) fn finish(mut self) -> Result<arrow::array::RecordBatch, arrow::error::ArrowError> {
                let columns = vec![$(arrow::array::ArrayBuilder::finish(&mut self.$name),)+];
                arrow::array::RecordBatch::try_new(Self::schema(), columns)
            }
        }
    };
}
pub(super) use table;

/// A schema that says what a row is, the version of the columns and that of the engine.
pub(super) fn schema(about: &str, fields: Vec<Field>) -> SchemaRef {
    let metadata = [
        ("description", one_line(about)),
        ("foramen.schema", SCHEMA.to_owned()),
        ("foramen.version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value));
    Arc::new(Schema::new_with_metadata(fields, metadata.into()))
}

/// A column of a schema, with its documentation.
pub(super) fn field<K: Kind>(name: &str, about: &str) -> Field {
    let description = ("description".to_owned(), one_line(about));
    Field::new(name, K::TYPE, K::NULLABLE).with_metadata([description].into())
}

/// The lines of a doc comment as one.
fn one_line(about: &str) -> String {
    about.split_whitespace().collect::<Vec<_>>().join(" ")
}
