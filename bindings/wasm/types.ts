// The JSON of an audit, as `foramen extract` prints it, and what an engine takes. Offsets count UTF-16 units of the
// note, as its own `slice(start, end)` does. What the note does not state is null.

// The values, as src/model names them: `FORAMEN_UPDATE=1 cargo test -p foramen-wasm` writes these lines.
export type NoteType = "radiology" | "procedure" | "operative" | "clinic" | "other";
export type FindingKind = "foraminal_stenosis" | "central_canal_stenosis" | "lateral_recess_stenosis" | "thecal_sac_compression" | "nerve_root_compression" | "disc_displacement" | "facet_arthropathy";
export type Subtype = "bulge" | "protrusion" | "extrusion" | "herniation" | "sequestration" | "disc_osteophyte_complex";
export type Side = "left" | "right" | "bilateral";
export type Severity = "mild" | "mild_to_moderate" | "moderate" | "moderate_to_severe" | "severe";
export type Status = "present" | "absent" | "possible" | "historical" | "hypothetical" | "family";
export type SectionKind = "unknown" | "indication" | "history" | "past_history" | "family_history" | "technique" | "comparison" | "findings" | "impression" | "exam" | "imaging" | "procedure" | "plan" | "consent" | "medications" | "review_of_systems" | "key" | "addendum" | "other";
export type Role = "anchor" | "structure" | "level" | "side" | "severity" | "root" | "cue" | "symptom" | "imaging" | "link" | "treatment";
export type ProcedureFamily = "transforaminal_esi" | "interlaminar_esi" | "caudal_esi" | "esi_unspecified" | "selective_nerve_root_block" | "facet_joint_injection" | "medial_branch_block" | "radiofrequency_ablation" | "si_joint_injection" | "trigger_point_injection" | "discectomy" | "laminectomy" | "foraminotomy" | "fusion" | "vertebral_augmentation" | "spinal_cord_stimulator" | "discography";
export type ProcedureStatus = "performed" | "planned" | "historical" | "considered";
export type Guidance = "fluoroscopy" | "ct" | "ultrasound" | "none";
export type Substance = "methylprednisolone_acetate" | "methylprednisolone" | "triamcinolone_acetonide" | "dexamethasone" | "betamethasone" | "ketorolac" | "lidocaine" | "bupivacaine" | "ropivacaine" | "chloroprocaine" | "saline" | "contrast";
export type Sedation = "none" | "minimal" | "moderate" | "deep" | "general";
export type Intent = "diagnostic" | "therapeutic" | "both";
export type Complaint = "radicular" | "axial" | "neurogenic_claudication" | "herpes_zoster" | "postlaminectomy";
export type Moment = "before" | "after";
export type CorrelationStatus = "explicit" | "implicit" | "none";
export type Concordance = "concordant" | "discordant" | "undetermined";
export type CodeSystem = "CPT" | "HCPCS" | "ICD-10-CM";
export type Element = "level" | "laterality" | "severity" | "correlation" | "imaging_finding" | "symptom_duration" | "conservative_care" | "care_duration" | "score_before" | "score_after" | "relief_percent" | "relief_duration" | "diagnostic_blocks" | "guidance" | "contrast" | "images";
export type Between = "side" | "severity" | "status" | "level";
export type FlagLevel = "info" | "warning" | "error";
export type DateOrigin = "given" | "note" | "assumed";
export type Setting = "professional" | "asc" | "hopd";
export type Payer = "medicare" | "commercial";

/** A file by its name and its text. */
export interface File {
  name: string;
  text: string;
}

/** How an engine is built, and what holds for all its notes. */
export interface Options {
  /** Phrases of your own (TOML), laid over the built-in lexicon in their order. */
  lexicons?: File[];
  /** Labels of CPT codes, for holders of a licence: a table of `code,label`. */
  cpt_labels?: File;
  /** The packs of rules that run, in place of the default ones. */
  packs?: string[];
  /** Codes, or beginnings of codes, of the only rules that run, of whichever pack. */
  select?: string[];
  /** Codes, or beginnings of codes, of rules that do not run. */
  ignore?: string[];
  /** Who bills. */
  setting?: Setting;
  /** Who pays. */
  payer?: Payer;
  /** The Medicare contractor whose coverage policies apply, by its key. */
  contractor?: string;
  /** The day of service of notes that come without one, `YYYY-MM-DD`. */
  service_date?: string;
}

/** What is known of one note from outside its text. */
export interface Context {
  /** Comes back in the audit. */
  note_id?: string;
  /** What it was written for; read from the text where it is not given. */
  note_type?: NoteType;
  /** The day of service, `YYYY-MM-DD`. */
  service_date?: string;
  setting?: Setting;
  payer?: Payer;
  /** The Medicare contractor whose coverage policies apply, by its key. */
  contractor?: string;
  /** Rules set aside for this note, each with the reason; both stay in the audit. */
  ignore?: { rule: string; reason: string }[];
}

/** A stretch of the note. */
export interface Words {
  start: number;
  end: number;
  text: string;
}

/** Words of the note and the part that they play in a fact. */
export interface Evidence extends Words {
  role: Role;
}

/** A value with the words that state it. */
export interface Stated<T> extends Words {
  value: T;
}

export interface Finding {
  /** `f1`, `f2`, … in the order of the list. */
  id: string;
  kind: FindingKind;
  subtype?: Subtype;
  level: string | null;
  side: Side | null;
  severity: Severity | null;
  status: Status;
  root?: string;
  /** A step of a named scale. */
  grade?: Words;
  section: SectionKind;
  evidence: Evidence[];
}

export interface Procedure {
  /** `p1`, `p2`, … in the order of the list. */
  id: string;
  family: ProcedureFamily;
  level: string | null;
  side: Side | null;
  status: ProcedureStatus;
  guidance: Guidance | null;
  drugs: { name: Substance; dose_mg: number | null }[];
  section: SectionKind;
  evidence: Evidence[];
}

export interface Drug extends Words {
  name: Substance;
  dose_mg: number | null;
  /** Whether the dose was computed from volume and concentration. */
  computed: boolean;
  volume_ml: number | null;
  mg_per_ml: number | null;
  wasted_mg: number | null;
  for_skin: boolean;
}

export interface Relief extends Words {
  percent: number | null;
  days: number | null;
  or_longer: boolean;
  ongoing: boolean;
  after: ProcedureFamily | null;
  moment: Moment;
}

export interface Score<T> extends Stated<T> {
  moment: Moment;
}

export interface Lasting extends Stated<number | null> {
  or_longer: boolean;
}

/** What is told around a procedure. */
export interface Encounter {
  guidance: Stated<Guidance> | null;
  contrast: Stated<boolean> | null;
  contrast_barrier: Words | null;
  images_retained: Words | null;
  views: Stated<number> | null;
  needle: Words | null;
  drugs: Drug[];
  sedation: Stated<Sedation> | null;
  complications: Stated<boolean> | null;
  intent: Stated<Intent> | null;
  series: Stated<number> | null;
  reliefs: Relief[];
  pain_scores: Score<number>[];
  function_scores: Score<number | null>[];
  symptom_days: Lasting | null;
  care_days: Lasting | null;
  complaints: (Words & { complaint: Complaint; status: Status })[];
}

export interface Radiculopathy {
  root: string | null;
  side: Side | null;
  status: Status;
  evidence: Evidence[];
}

export interface Correlation {
  status: CorrelationStatus;
  concordance: Concordance;
  evidence: Evidence[];
}

export interface Code {
  system: CodeSystem;
  code: string;
  modifiers: string[];
  units: number | null;
  section: SectionKind;
  start: number;
  end: number;
}

/** A required element that a finding, a procedure or the note lacks, with the query for it. */
export interface Gap {
  rule: string;
  element: Element;
  kind: FindingKind | null;
  level: string | null;
  side: Side | null;
  /** The id of the finding. */
  finding: string | null;
  /** The id of the procedure. */
  procedure: string | null;
  query: { text: string; indicators: string[]; options: string[] } | null;
}

/** A statement that disagrees with another, or with a rule. */
export interface Flag {
  rule: string;
  severity: FlagLevel;
  message: string;
  evidence: Evidence[];
}

export interface Contradiction {
  kind: FindingKind;
  level: string | null;
  between: Between;
  findings: [string, string];
}

/** A gap or flag that was set aside. */
export interface Ignored {
  rule: string;
  element: Element | null;
  finding: string | null;
  procedure: string | null;
  message: string | null;
  reason?: string;
}

/** The coverage policy that the note was held against. */
export interface Policy {
  pack: string;
  contractor: string;
  lcd: string;
  article: string | null;
  effective_from: string;
}

/** All that one note gives. */
export interface Audit {
  note_id: string;
  schema: "foramen.audit/1";
  note_type: NoteType;
  service_date: { day: string; origin: DateOrigin } | null;
  findings: Finding[];
  procedures: Procedure[];
  encounter: Encounter | null;
  radiculopathies: Radiculopathy[];
  correlation: Correlation | null;
  conservative_care: boolean | null;
  codes: Code[];
  gaps: Gap[];
  flags: Flag[];
  contradictions: Contradiction[];
  ignored?: Ignored[];
  policies?: Policy[];
  score: { documented: number; required: number; percent: number | null };
}

/** The answers offered for one element that is missing. */
export interface Choice {
  element: Element;
  rule: string | null;
  options: string[];
}

/** A question to the clinician about one finding, one procedure, or, with neither, the note as a whole. */
export interface Query {
  /** `q1`, `q2`, … in the order of the list. */
  id: string;
  finding: string | null;
  procedure: string | null;
  /** Places in the audit's list of gaps. */
  gaps: number[];
  text: string;
  indicators: string[];
  evidence: Evidence[];
  choices: Choice[];
}

/** What is otherwise than at the update before. */
export interface Changes {
  findings: { added: string[]; removed: number };
  gaps: { opened: number[]; closed: { rule: string; element: Element }[] };
}

/** What is so of a draft now. */
export interface Update {
  audit: Audit;
  queries: Query[];
  changes: Changes;
  /** Gaps, by their places in the audit's list, that were answered without words and are not asked again. */
  left_open: { gap: number; answer: string }[];
}

/** Words to be put in place of those from `start` to `end`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A note that shows a rule. */
export interface Example {
  note_type: NoteType;
  note: string;
  service_date: string | null;
  today: string | null;
  setting: Setting | null;
  payer: Payer | null;
  earlier: string[];
}

/** What is required, why, and on whose word. */
export interface Rule {
  code: string;
  title: string;
  level: FlagLevel;
  element: Element | null;
  /** When it speaks. */
  summary: string;
  why: string;
  sources: string[];
  effective_from: string | null;
  effective_to: string | null;
  /** The setting that tunes it. */
  setting: string | null;
  /** The limits that it measures by, each a setting. */
  limits: string[];
  /** What is often said of its matter, and is wrong or stale. */
  correction: string | null;
  codes: Record<string, string[]>;
  query: { ask: string; options: string[]; levels_of_note: boolean } | null;
  message: string | null;
  /** A note that breaks it. */
  bad: Example;
  /** A note that keeps it. */
  good: Example;
}

/** A set of rules that is switched on as one. */
export interface Pack {
  name: string;
  title: string;
  summary: string;
  is_default: boolean;
  codes: Record<string, string[]>;
  rules: Rule[];
}
