//! The values that concepts are made of: structures, changes, sides, links, small words.

words! {
    /// Anatomy that can be narrowed, compressed, displaced or overgrown.
    Structure {
        /// A neural foramen.
        Foramen = "foramen",
        /// The central spinal canal, named as such.
        Canal = "canal",
        /// "central" alone: the canal where a narrowing is said of it, else only a place.
        Central = "central",
        /// A lateral recess.
        Recess = "recess",
        /// The thecal sac and the fluid before it.
        Sac = "sac",
        /// A nerve root.
        Root = "root",
        /// A disc.
        Disc = "disc",
        /// Facet joints.
        Facet = "facet",
        /// The spinal cord: kept apart, never a finding here.
        Cord = "cord",
        /// The spine or a part of it as a whole: makes a bare stenosis one of the canal.
        Spine = "spine",
        /// Other anatomy: takes what is said of it away from ours.
        Other = "other",
    }
}

words! {
    /// What a change does, which decides the structures it can be said of.
    ChangeClass {
        /// Stenosis: alone, at a level, it is one of the canal.
        Stenosis = "stenosis",
        /// Narrowing of a passage.
        Narrow = "narrow",
        /// Compression, encroachment: of a passage, the sac or a root.
        Compress = "compress",
        /// Contact, indentation, displacement: of the sac or a root.
        Touch = "touch",
        /// Degeneration or overgrowth of a joint.
        Degenerate = "degenerate",
    }
}

words! {
    /// The grammar of a word that tells a change.
    Form {
        /// A noun: its structure stands before it or after "of".
        Noun = "noun",
        /// An active verb: its structures follow.
        Active = "active",
        /// A participle or adjective: its structure is the subject, or follows at once.
        Passive = "passive",
    }
}

words! {
    /// Words that point to levels without naming them.
    LevelWord {
        /// "this level", "here": the level last named.
        Same = "same",
        /// "these levels", "both levels": the levels last named.
        SameAll = "same_all",
        /// "the level above".
        Above = "above",
        /// "the level below".
        Below = "below",
        /// "the former": the first of the levels last named.
        Former = "former",
        /// "the latter": the last of them.
        Latter = "latter",
        /// "elsewhere", "other levels": no level in particular.
        Elsewhere = "elsewhere",
        /// "multilevel", "all levels": no level in particular.
        Multiple = "multiple",
        /// The word "level" itself, and what stands for it.
        Noun = "noun",
        /// The lumbosacral junction.
        Lumbosacral = "lumbosacral",
        /// The cervicothoracic junction.
        Cervicothoracic = "cervicothoracic",
        /// The thoracolumbar junction.
        Thoracolumbar = "thoracolumbar",
    }
}

words! {
    /// How a side is said, which decides what it can attach to.
    SideForm {
        /// Before its noun: "left".
        Adjective = "adjective",
        /// After it: "on the left", "bilaterally".
        Adverb = "adverb",
        /// A comparison: "right greater than left".
        Compared = "compared",
    }
}

words! {
    /// Which way a context cue reaches (Harkema et al. 2009, ConText).
    Direction {
        /// To what follows.
        Forward = "forward",
        /// To what came before.
        Backward = "backward",
        /// Both ways.
        Both = "both",
    }
}

words! {
    /// What bears on correlation.
    Link {
        /// Joins two things: "consistent with".
        Joins = "joins",
        /// Leads from what is explained back to what explains it: "due to".
        Traces = "traces",
        /// Joins two things that both follow it: "agreement between".
        Between = "between",
        /// Says that they do not fit: "does not explain".
        Denies = "denies",
    }
}

words! {
    /// Symptoms and signs.
    Symptom {
        /// Pain, numbness, weakness in a limb or the back.
        Complaint = "complaint",
        /// A sign found on examination.
        Sign = "sign",
        /// Feeling that is lost, which may name the roots that it is lost in.
        Loss = "loss",
        /// "symptoms", "clinical picture": stands for what the note tells.
        Picture = "picture",
        /// Radiculopathy, radicular pain, sciatica.
        Radicular = "radicular",
        /// "dermatome", "distribution": with a root, a radicular pattern.
        Distribution = "distribution",
    }
}

words! {
    /// Words on imaging.
    Imaging {
        /// A study: "MRI".
        Study = "study",
        /// "findings", "changes": stands for what a study shows.
        Result = "result",
        /// A structural diagnosis of the spine that is none of the seven kinds.
        Diagnosis = "diagnosis",
    }
}

words! {
    /// Words on non-operative treatment.
    Care {
        /// A treatment.
        Treatment = "treatment",
        /// A drug, which may be taken for something else.
        Drug = "drug",
        /// An injection, which may be the one of today.
        Injection = "injection",
        /// "failed", "tried", "without relief": says that a treatment was had.
        Tried = "tried",
        /// "takes", "is on": says the same, but of a drug in a list of medications not what for.
        Taken = "taken",
        /// "antibiotic therapy": none for the spine, though its words hold the name of one.
        Other = "other",
        /// "start", "refer to": says that it is still to come.
        Future = "future",
        /// "declined": says that the patient would not have what is named beside it.
        Refused = "refused",
    }
}

words! {
    /// Function words and small classes that the grammars need.
    Word {
        /// Adjectives and determiners that may stand inside a noun phrase and change nothing.
        Filler = "filler",
        /// "and".
        And = "and",
        /// "or".
        Or = "or",
        /// "with": opens a new statement of the same level.
        With = "with",
        /// Prepositions that lead from a change to its structure: "of".
        Of = "of",
        /// "to", between the ends of a range.
        To = "to",
        /// "is", "appears".
        Is = "is",
        /// "has", "shows", "causing": a subject and what it has.
        Has = "has",
        /// "weighted", "sagittal": beside T1 and T2 it makes them sequences of a study, no vertebrae.
        Sequence = "sequence",
        /// "but".
        But = "but",
        /// "other than", "with the exception of": what follows is left out of what was said before.
        Except = "except",
        /// "which".
        Which = "which",
        /// "at": leads to a level.
        At = "at",
        /// "greater than", between two sides.
        Than = "than",
        /// "worse", before one side.
        More = "more",
        /// "respectively".
        Respectively = "respectively",
        /// "each": what follows is said of all that was named before, one by one.
        Each = "each",
        /// "none" in the place of a grade.
        Nil = "nil",
        /// "grade", "stage".
        Grade = "grade",
        /// "scratch that": what follows replaces what came before.
        Correction = "correction",
        /// "on that side": the side that was named before.
        SameSide = "same_side",
        /// "opposite": the side that was not named before.
        OtherSide = "other_side",
        /// Says that the grade named next is of an earlier time: "was", "previously", "from".
        Formerly = "formerly",
        /// "Dr": before a name, or a letter of one.
        Title = "title",
        /// "would", "may": tells what may be, not what is.
        Modal = "modal",
        /// An ordinary word that is no misspelling of another.
        Ordinary = "ordinary",
        /// A full stop said aloud: "period", "new paragraph".
        Stop = "stop",
    }
}

impl Word {
    /// Whether it is so common that it is looked up only between mentions, never searched for.
    pub const fn is_function_word(self) -> bool {
        matches!(
            self,
            Self::Filler
                | Self::And
                | Self::Or
                | Self::With
                | Self::Of
                | Self::To
                | Self::Is
                | Self::Has
                | Self::Sequence
                | Self::But
                | Self::Which
                | Self::At
                | Self::Title
                | Self::Modal
                | Self::Ordinary
        )
    }
}
