//! Foramen reads spine notes: level, laterality, severity and clinical correlation of what they state, each with
//! the words that prove it, and what they leave out.
//!
//! Two types are all that most users need: [`Engine`], built once and shared by any number of threads, and
//! [`model::Audit`], all that one note gives.
//!
//! ```
//! use foramen::Engine;
//! use foramen::lexicon::Lexicon;
//! use foramen::model::{Context, FindingKind, Severity, Side, Status};
//!
//! let engine = Engine::new(Lexicon::embedded())?;
//! let note = "L4-L5: Moderate left foraminal stenosis. L5-S1: No foraminal stenosis.";
//! let audit = engine.audit(note, &Context::default());
//!
//! let stated = &audit.findings[0];
//! assert_eq!(stated.kind, FindingKind::ForaminalStenosis);
//! assert_eq!(stated.level, Some("L4-L5".parse()?));
//! assert_eq!((stated.side, stated.severity), (Some(Side::Left), Some(Severity::Moderate)));
//!
//! // A denial is a fact as well.
//! assert_eq!(audit.findings[1].status, Status::Absent);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The words behind a fact
//!
//! Facts hold no text: [`model::Evidence`] says which bytes of the note prove what, and [`text::Span::of`] cuts them
//! out.
//!
//! ```
//! # use foramen::{Engine, lexicon::Lexicon, model::{Context, Role}};
//! # let engine = Engine::new(Lexicon::embedded())?;
//! let note = "C5-6: severe narrowing of the right neural foramen";
//! let audit = engine.audit(note, &Context::default());
//! let words = |role| audit.findings[0].evidence.iter().find(|e| e.role == role).map(|e| e.span.of(note));
//! assert_eq!(words(Role::Severity), Some("severe"));
//! assert_eq!(words(Role::Level), Some("C5-6"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is missing, and the query for it
//!
//! A foraminal finding that is present owes its level, side and severity; a clinic, procedure or operative note that
//! has one owes a statement of how imaging and symptoms relate. What is missing is a [`model::Gap`];
//! [`checks::queries`] words the questions, those about one finding in one.
//!
//! ```
//! # use foramen::{Engine, lexicon::Lexicon, model::{Context, Element}};
//! use foramen::checks::queries;
//! # let engine = Engine::new(Lexicon::embedded())?;
//! let note = "IMPRESSION: Foraminal stenosis at L5-S1.";
//! let audit = engine.audit(note, &Context::default());
//! let missing: Vec<_> = audit.gaps.iter().map(|gap| gap.element).collect();
//! assert_eq!(missing, [Element::Laterality, Element::Severity]);
//! assert_eq!(audit.score.percent(), Some(33.3));
//!
//! let asked = queries(engine.rules(), &audit, note);
//! assert_eq!(asked.len(), 1);
//! assert!(asked[0].text.contains("Foraminal stenosis at L5-S1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # JSON
//!
//! [`report::AuditJson`] is an audit as `foramen extract` prints it, for any `serde` serializer:
//!
//! ```
//! # use foramen::{Engine, lexicon::Lexicon, model::Context};
//! use foramen::report::AuditJson;
//! # let engine = Engine::new(Lexicon::embedded())?;
//! let note = "Mild bilateral foraminal stenosis at C6-C7.";
//! let audit = engine.audit(note, &Context::default());
//! let row = AuditJson { rules: engine.rules(), note_id: "n1", note, audit: &audit, text: true, offsets: None };
//! let json = serde_json::to_value(row)?;
//! assert_eq!(json["schema"], "foramen.audit/1");
//! assert_eq!(json["findings"][0]["side"], "bilateral");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Phrases of your own
//!
//! ```
//! # use foramen::{Engine, lexicon::Lexicon, model::Context};
//! let mut lexicon = Lexicon::embedded();
//! lexicon.overlay("mine.toml", r#"
//!     [[group]]
//!     concept = "structure.foramen"
//!     source = "dictation at our site"
//!     phrases = ["exit hole"]
//! "#)?;
//! let engine = Engine::new(lexicon)?;
//! let audit = engine.audit("Severe stenosis of the left exit hole at L3-4.", &Context::default());
//! assert_eq!(audit.findings.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The stages
//!
//! A note passes through them in this order; what each has made can be looked at ([`pipeline::Analysis`],
//! `foramen explain`):
//!
//! | module | what it makes |
//! | --- | --- |
//! | [`text`] | a folded view of the note, with a way back to its bytes |
//! | [`matching`] | mentions of the lexicon's concepts, and levels |
//! | [`segment`] | sections and sentences, with the headings that matching saw |
//! | [`context`] | what is denied, hedged, past, conditional, another person's |
//! | [`relate`] | findings, radiculopathies, correlation |
//! | [`checks`] | gaps, flags, queries, the score |
//!
//! [`model`] has the plain data that they pass on, [`lexicon`] the knowledge that they read.
//!
//! # Features
//!
//! Without any feature the crate is the engine alone: a pure function without files, clock, threads or global state.
//!
//! | feature | adds |
//! | --- | --- |
//! | `io` | `io`: notes from files, folders and standard input, whatever their format, packing and encoding |
//! | `parallel` | `batch` and `eval`: many notes on all cores, tables, measuring; brings `io` |
//! | `serve` | `server`: audits over HTTP; brings `parallel` |
//! | `cli` (default) | `cli` and the `foramen` command; brings all others |

#[cfg(feature = "parallel")]
pub mod batch;
pub mod checks;
#[cfg(feature = "cli")]
pub mod cli;
pub mod codes;
pub mod context;
#[cfg(feature = "parallel")]
pub mod eval;
#[cfg(feature = "io")]
pub mod io;
pub mod lexicon;
pub mod matching;
pub mod model;
pub mod pipeline;
pub mod relate;
pub mod report;
pub mod segment;
#[cfg(feature = "serve")]
pub mod server;
pub mod session;
#[cfg(feature = "parallel")]
pub mod tables;
pub mod text;

pub use pipeline::Engine;

/// The examples of the ways into a scribe run as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/integration.md")]
struct Integration;

/// The examples of the README run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
