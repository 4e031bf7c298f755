//! The stages joined: from a note to its audit.

mod analysis;
mod embedded;
mod guard;
mod ignore;
mod inside;
mod live;
mod past;
mod scan;
mod tell;
mod together;

use crate::checks::{
    Case, Rules, RulesError, Settings, coding_flags, completeness, contradiction_flags, coverage,
    discordance_flag, earlier_services,
};
use crate::codes::{CodeTables, CodesError, DateRead, read_date, service_date, stated_codes};
use crate::lexicon::Lexicon;
use crate::matching::{Automaton, FunctionWords, Repairer};
use crate::model::{
    Audit, Context, CorrelationStatus, DateOrigin, EarlierService, Encounter, NoteType, Procedure, Score,
};
use crate::relate::{
    conservative_care, contradictions, correlate, encounter, note_type, procedures, radiculopathies,
};

use crate::text::Span;
use ignore::set_aside;

pub use analysis::Analysis;
pub use guard::Defect;
pub use live::Live;

/// The engine could not be built.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The code tables are not as they must be.
    #[error(transparent)]
    Codes(#[from] CodesError),
    /// The rule files are not as they must be.
    #[error(transparent)]
    Rules(#[from] RulesError),
}

/// The engine: built once, then used for any number of notes from any number of threads.
#[derive(Debug)]
pub struct Engine {
    lexicon: Lexicon,
    automaton: Automaton,
    words: FunctionWords,
    repairer: Repairer,
    rules: Rules,
    tables: CodeTables,
    settings: Settings,
}

impl Engine {
    /// Builds the engine of a lexicon, with the default settings.
    ///
    /// # Errors
    /// When a rule file or a code table is broken, which the project's tests rule out.
    pub fn new(lexicon: Lexicon) -> Result<Self, EngineError> {
        Self::with_settings(lexicon, Settings::default())
    }

    /// Builds the engine of a lexicon and settings.
    ///
    /// # Errors
    /// When a rule file or a code table is broken, or the settings name what there is not.
    pub fn with_settings(lexicon: Lexicon, settings: Settings) -> Result<Self, EngineError> {
        let words = FunctionWords::new(&lexicon);
        let automaton = Automaton::new(&lexicon, &words);
        let repairer = Repairer::new(&lexicon);
        Ok(Self {
            lexicon,
            automaton,
            words,
            repairer,
            rules: Rules::embedded()?.chosen(&settings)?,
            tables: CodeTables::embedded()?,
            settings,
        })
    }

    /// The lexicon it was built of.
    pub const fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The rules that it checks.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The settings that it was built with.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes one note through the stages up to its facts, and keeps what each stage saw.
    pub fn analyse<'n>(&self, note: &'n str) -> Analysis<'n> {
        Analysis::new(self, note)
    }

    /// Lays a licensed user's own labels over those of the CPT codes: the text of a table of `code,label`, and the name
    /// of its file.
    ///
    /// # Errors
    /// When the text is no such table, with file and line; the labels are then as they were.
    pub fn load_cpt_labels(&mut self, file: &str, text: &str) -> Result<(), CodesError> {
        self.tables.load_labels(file, text)
    }

    /// What a note reports as performed on a known day, for the rules that count a patient's services: nothing is
    /// checked, and what is of no account to them may be left out.
    pub fn services(&self, note: &str, context: &Context) -> Vec<EarlierService> {
        let analysis = self.analyse(note);
        let layers = analysis.layers(self);
        let procedures = procedures(&layers, type_of(&analysis, context));
        if procedures.is_empty() {
            return Vec::new();
        }
        let service = service_date(context, read_date(&analysis.coded(self)));
        match service.filter(|service| service.origin != DateOrigin::Assumed) {
            Some(service) => earlier_services(service.day, &procedures, &encounter(&layers, &procedures)),
            None => Vec::new(),
        }
    }

    /// Audits one note. The same bytes give the same audit, on every machine and thread.
    pub fn audit(&self, note: &str, context: &Context) -> Audit {
        let mut analysis = self.analyse(note);
        let note_type = type_of(&analysis, context);
        let done = Done::read(self, &analysis, note_type);
        self.judge(&mut analysis, done, note, context)
    }

    /// The audit of an analysis of `note`, whose findings are taken out, and of what was done.
    fn judge(&self, analysis: &mut Analysis<'_>, done: Done, note: &str, context: &Context) -> Audit {
        let Done { note_type, procedures, encounter } = done;
        let layers = analysis.layers(self);
        let radiculopathies = radiculopathies(&layers);
        let correlation = (!matches!(note_type, NoteType::Radiology | NoteType::Other))
            .then(|| correlate(&layers, &analysis.findings, &radiculopathies));
        let tried = encounter.care_days.map(|lasting| lasting.span);
        let care = (note_type != NoteType::Radiology).then(|| conservative_care(&layers, &procedures, tried));
        let reading = analysis.coded(self);
        let mut codes = stated_codes(&reading);
        past::mark(analysis, &procedures, &mut codes);
        // Nothing else depends on a day.
        let is_dated = !codes.is_empty() || !procedures.is_empty();
        let date = is_dated.then(|| read_date(&reading)).flatten();
        let contradictions = contradictions(&layers, &analysis.findings);
        let findings = std::mem::take(&mut analysis.findings);
        let mut flags = contradiction_flags(&self.rules, &findings, &contradictions);
        flags.extend(discordance_flag(&self.rules, correlation.as_ref(), &radiculopathies));
        // Who says that imaging and symptoms do not belong together has answered, too (NF004).
        let told =
            correlation.as_ref().map(|c| if c.is_told() { CorrelationStatus::Explicit } else { c.status });
        let mut owed = completeness(note_type, &findings, told, &self.settings);
        let mut audit = Audit {
            note_type,
            flags,
            findings,
            procedures,
            encounter,
            codes,
            service: if is_dated { service_date(context, date) } else { None },
            impossible_date: match date {
                Some(DateRead::Impossible(span)) => Some(span),
                _ => None,
            },
            radiculopathies,
            correlation,
            conservative_care: care,
            contradictions,
            gaps: Vec::new(),
            ignored: Vec::new(),
            policies: Vec::new(),
            score: Score::default(),
        };
        let judged = Case { audit: &audit, context, tables: &self.tables, settings: &self.settings };
        let (flags, coverage) = (coding_flags(&self.rules, judged), coverage(&self.rules, judged));
        owed.extend(coverage.owed);
        audit.flags.extend(flags.into_iter().chain(coverage.flags));
        audit.policies = coverage.policies;
        // The rules that are switched off are not among the engine's: nothing of theirs is put out or scored.
        owed.retain(|code| self.rules.get(code).is_some());
        audit.flags.retain(|flag| self.rules.get(flag.rule).is_some());
        audit.score = owed.score();
        audit.gaps = owed.gaps;
        set_aside(&mut audit, note, &context.ignore);
        audit
    }
}

/// What was done, and what is told around it.
#[derive(Clone, Debug, PartialEq)]
struct Done {
    /// What the note was written for.
    note_type: NoteType,
    procedures: Vec<Procedure>,
    encounter: Encounter,
}

impl Done {
    fn read(engine: &Engine, analysis: &Analysis<'_>, note_type: NoteType) -> Self {
        let layers = analysis.layers(engine);
        let procedures = procedures(&layers, note_type);
        let encounter = encounter(&layers, &procedures);
        Self { note_type, procedures, encounter }
    }

    /// Every place of the note that it points at, to be changed.
    fn places_mut(&mut self) -> impl Iterator<Item = &mut Span> {
        let of_procedures = self.procedures.iter_mut().flat_map(|procedure| &mut procedure.evidence);
        of_procedures.map(|evidence| &mut evidence.span).chain(self.encounter.places_mut())
    }
}

/// What a note was written for, as given or as read from it.
fn type_of(analysis: &Analysis<'_>, context: &Context) -> NoteType {
    context
        .note_type
        .unwrap_or_else(|| note_type(&analysis.layout, analysis.tokens(), &analysis.note, &analysis.findings))
}
