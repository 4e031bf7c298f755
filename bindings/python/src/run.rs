//! Many notes: a table of them in, tables of facts out.
//!
//! The work is done on threads of its own, while the thread that asked waits without the interpreter and looks, now and
//! then, whether somebody has pressed Ctrl-C. A source that is a Python generator can so be asked for its next batch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::compute::concat_batches;
use arrow::error::ArrowError;
use foramen::Engine;
use foramen::batch::{Audited, Chunks, Histories, Options, Rows, run};
use foramen::io::{Batches, Columns, Note, Record, Reject};
use foramen::model::Audit;
use foramen::tables::{Output, Outputs, reject_rows, reject_schema};
use foramen::text::Unit;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;

use crate::errors;
use crate::table::Table;

/// Records whose rows are handed on together: enough that no reader is slowed by small batches.
const GROUP: u64 = 1 << 14;

/// How often the thread that waits looks for signals.
const LOOK: Duration = Duration::from_millis(50);

/// How long it waits for the others once it was told to end.
const PATIENCE: u32 = 20;

const DEFECT: &str =
    "the run failed, which is a defect of Foramen or of the table's source: please report it";

/// What is asked for.
pub(crate) struct Ask {
    pub(crate) engine: Arc<Engine>,
    pub(crate) columns: Columns,
    /// What stands for the file in the results.
    pub(crate) name: String,
    pub(crate) options: Options,
    /// Whether words of the notes may appear.
    pub(crate) text: bool,
}

/// The tables of a group of notes, in the order of [`Output::TABLES`], and that of the rejects.
type Group = Vec<Table>;

/// The source failed or the rows could not be built; `None` where nobody waits for the results any more.
type Failure = Option<String>;

/// A run; each item is a list of tables: notes, findings, procedures, gaps, flags, rejects.
#[pyclass(frozen, module = "foramen._native")]
pub(crate) struct Run {
    results: Mutex<Option<Receiver<Result<Group, String>>>>,
    stop: Arc<AtomicBool>,
}

impl Ask {
    /// Begins the run.
    pub(crate) fn begin(
        mut self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        earlier: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Run> {
        // Both are looked at before any work is done.
        let source = self.source("data", data)?;
        let earlier = earlier.map(|earlier| self.source("earlier", earlier)).transpose()?;
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, results) = sync_channel(1);
        let work = {
            let stop = stop.clone();
            move || {
                // Nothing of it is used after a panic.
                let done = catch_unwind(AssertUnwindSafe(|| {
                    self.histories(earlier, &stop)?;
                    self.work(source, &stop, &sender)
                }));
                if let Some(error) = done.unwrap_or_else(|_| Err(Some(DEFECT.into()))).err().flatten() {
                    // Nobody may be left to be told.
                    let _ = sender.send(Err(error));
                }
            }
        };
        let begun = py.detach(|| std::thread::Builder::new().name("foramen".into()).spawn(work));
        begun.map_err(|error| errors::ForamenError::new_err(format!("no thread can be started: {error}")))?;
        Ok(Run { results: Mutex::new(Some(results)), stop })
    }

    /// The notes of what was given as the keyword `what`.
    fn source(&self, what: &str, data: &Bound<'_, PyAny>) -> PyResult<Source> {
        let reader = reader(what, data)?;
        let schema = reader.schema();
        let error = Arc::new(Mutex::new(None));
        let batches = Reader { source: reader, error: error.clone(), batches: 0 };
        let batches =
            Batches::new(&schema, batches, self.columns.clone(), &self.name).map_err(errors::table)?;
        Ok(Source { batches, error })
    }

    /// Looks for patients' earlier services.
    fn histories(&mut self, earlier: Option<Source>, stop: &AtomicBool) -> Result<(), Failure> {
        let Some(mut earlier) = earlier else { return Ok(()) };
        self.options.histories = Histories::gather(&self.engine, &mut earlier.records(stop), &self.options);
        earlier.end(stop)
    }

    /// Audits all notes and hands on what they gave.
    fn work(
        &self,
        mut source: Source,
        stop: &AtomicBool,
        sender: &SyncSender<Result<Group, String>>,
    ) -> Result<(), Failure> {
        let outputs = Outputs { text: self.text, unit: Unit::CodePoints, ..Outputs::default() };
        let render = |rows: &mut Option<Rows>, note: &Note<'_>, audit: &Audit| {
            rows.get_or_insert_with(|| Rows::new(&outputs)).add(self.engine.rules(), note, audit);
        };
        let mut gathered = Gathered::default();
        let send = |group: Result<Group, ArrowError>| match group {
            Ok(group) => sender.send(Ok(group)).map_err(|_| None),
            Err(error) => Err(Some(error.to_string())),
        };
        let take = |rows: Option<Rows>, audited: Audited| {
            if stop.load(Ordering::Relaxed) {
                return Err(None);
            }
            let chunks = rows.map(Rows::finish).transpose().map_err(|error| Some(error.to_string()))?;
            gathered.add(chunks, audited);
            if gathered.records >= GROUP { send(std::mem::take(&mut gathered).finish()) } else { Ok(()) }
        };
        run(&self.engine, &mut source.records(stop), &self.options, render, take)?;
        source.end(stop)?;
        // An input without notes has tables too, without rows.
        send(gathered.finish())
    }
}

/// The batches of whatever speaks Arrow.
fn reader(what: &str, data: &Bound<'_, PyAny>) -> PyResult<Box<dyn RecordBatchReader + Send>> {
    let speaks = |name| data.hasattr(name);
    if !speaks("__arrow_c_stream__")? && !speaks("__arrow_c_array__")? {
        return Err(PyTypeError::new_err(format!(
            "{what}: a table with the Arrow C stream interface is needed, such as one of pyarrow, polars, pandas or duckdb, \
             and not {}",
            data.get_type().name()?
        )));
    }
    data.extract::<AnyRecordBatch>()?.into_reader()
}

/// Where the notes come from.
struct Source {
    batches: Batches<Reader>,
    error: Arc<Mutex<Option<String>>>,
}

impl Source {
    /// The records, until the run is stopped.
    fn records<'s>(
        &'s mut self,
        stop: &'s AtomicBool,
    ) -> impl Iterator<Item = Result<Record, Reject>> + Send + 's {
        (&mut self.batches).take_while(|_| !stop.load(Ordering::Relaxed))
    }

    /// Why it ended, if not with its last row.
    fn end(&self, stop: &AtomicBool) -> Result<(), Failure> {
        let error = self.error.lock().unwrap_or_else(PoisonError::into_inner).take();
        if error.is_some() || stop.load(Ordering::Relaxed) { Err(error) } else { Ok(()) }
    }
}

/// Batches until the first error, which is kept.
struct Reader {
    source: Box<dyn RecordBatchReader + Send>,
    error: Arc<Mutex<Option<String>>>,
    batches: u64,
}

impl Iterator for Reader {
    type Item = RecordBatch;

    fn next(&mut self) -> Option<RecordBatch> {
        self.batches += 1;
        match self.source.next()? {
            Ok(batch) => Some(batch),
            Err(error) => {
                let told = format!("the table's batch {} cannot be read: {error}", self.batches);
                *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
                None
            }
        }
    }
}

/// What notes that follow each other gave.
#[derive(Default)]
struct Gathered {
    records: u64,
    chunks: Vec<Chunks>,
    rejects: Vec<Reject>,
}

impl Gathered {
    fn add(&mut self, chunks: Option<Chunks>, audited: Audited) {
        self.records += audited.records;
        self.chunks.extend(chunks);
        self.rejects.extend(audited.rejects);
    }

    fn finish(self) -> Result<Group, ArrowError> {
        let mut tables = Vec::new();
        for output in Output::TABLES {
            let Some(schema) = output.schema() else { continue };
            let parts = self.chunks.iter().filter_map(|chunks| chunks.columns(output));
            let rows = concat_batches(&schema, parts)?;
            tables.push(Table::new(&schema, vec![rows]));
        }
        let rejects = reject_rows(self.rejects)?;
        tables.push(Table::new(&reject_schema(), vec![rejects]));
        Ok(tables)
    }
}

#[pymethods]
impl Run {
    fn __iter__(this: Py<Self>) -> Py<Self> {
        this
    }

    /// The tables of the next notes.
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Group>> {
        loop {
            match py.detach(|| self.wait()) {
                Ok(Ok(group)) => return Ok(Some(group)),
                Ok(Err(error)) => return Err(errors::ForamenError::new_err(error)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Err(interrupt) = py.check_signals() {
                py.detach(|| self.end());
                return Err(interrupt);
            }
        }
    }

    /// The tables of all notes that are left.
    fn collect(&self, py: Python<'_>) -> PyResult<Group> {
        let mut all: Group = Vec::new();
        while let Some(group) = self.__next__(py)? {
            if all.is_empty() {
                all = group;
            } else {
                all.iter_mut().zip(group).for_each(|(all, more)| all.append(more));
            }
        }
        Ok(all)
    }

    /// Ends the run, if it has not come to its end.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.end());
    }
}

impl Run {
    fn wait(&self) -> Result<Result<Group, String>, RecvTimeoutError> {
        let results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results.as_ref().map_or(Err(RecvTimeoutError::Disconnected), |results| results.recv_timeout(LOOK))
    }

    /// Tells the threads to end and waits for them, but not for a source that gives nothing.
    fn end(&self) {
        self.stop.store(true, Ordering::Relaxed);
        for _ in 0..PATIENCE {
            if matches!(self.wait(), Err(RecvTimeoutError::Disconnected)) {
                break;
            }
        }
        *self.results.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
