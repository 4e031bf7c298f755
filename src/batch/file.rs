//! A file of one output, whatever its format.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use parquet::arrow::ArrowWriter;

use crate::tables::{Format, Output, Outputs, csv_header, parquet_properties};

use super::rows::{Chunk, Chunks};

/// Bytes that are gathered before they are written.
const BUFFER: usize = 128 << 10;

/// A file that the rows of one output go to. The same rows give the same bytes.
#[derive(Debug)]
pub struct OutputFile {
    output: Output,
    writer: Writer,
}

#[derive(Debug)]
enum Writer {
    Parquet(Box<ArrowWriter<File>>),
    Bytes(BufWriter<File>),
}

impl OutputFile {
    /// Begins the file of `output` in `file`, which is empty.
    ///
    /// # Errors
    /// When it cannot be written to.
    pub fn create(file: File, output: Output, outputs: &Outputs) -> io::Result<Self> {
        let writer = match (output.schema(), outputs.format(output)) {
            (Some(schema), Format::Parquet) => {
                let properties = parquet_properties(&schema);
                Writer::Parquet(Box::new(ArrowWriter::try_new(file, schema, Some(properties))?))
            }
            (schema, format) => {
                let mut file = BufWriter::with_capacity(BUFFER, file);
                if let Some(schema) = schema.filter(|_| format == Format::Csv) {
                    file.write_all(&csv_header(&schema).map_err(io::Error::other)?)?;
                }
                Writer::Bytes(file)
            }
        };
        Ok(Self { output, writer })
    }

    /// Adds the rows of this file's output, if there are any.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, chunks: &Chunks) -> io::Result<()> {
        match (&mut self.writer, chunks.of(self.output)) {
            (Writer::Parquet(writer), Some(Chunk::Columns(rows))) => Ok(writer.write(rows)?),
            (Writer::Bytes(file), Some(Chunk::Bytes(bytes))) => file.write_all(bytes),
            (_, None) => Ok(()),
            _ => Err(io::Error::other("the rows were made for another format")),
        }
    }

    /// Ends the file and gives it back, so that the caller can sync it.
    ///
    /// # Errors
    /// When what is left cannot be written.
    pub fn finish(self) -> io::Result<File> {
        match self.writer {
            Writer::Parquet(writer) => Ok(writer.into_inner()?),
            Writer::Bytes(file) => file.into_inner().map_err(io::IntoInnerError::into_error),
        }
    }
}
