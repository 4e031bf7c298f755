//! What single readings ask of single words, where their grammar is too coarse: `of` and `for` both lead from a change to
//! its structure, but only `for` leads to a purpose.

words! {
    /// What one reading asks of a function word, beside its grammar; a word has one at most.
    Sense {
        /// "was", "shows": begins what is said of the subject before it.
        Tells = "tells",
        /// "is": the same, of what is so now or always.
        Present = "present",
        /// "there": the same, or a place that was named before.
        There = "there",
        /// "it", "this": stands for what was named before.
        Pronoun = "pronoun",
        /// "a": one.
        Article = "article",
        /// "for": leads to a purpose.
        Purpose = "purpose",
        /// "of": leads to a whole.
        Whole = "whole",
        /// "on": leads to a side.
        On = "on",
        /// "not", "rather": leads to what is not so.
        Instead = "instead",
        /// "free", "spared": nothing touches it.
        Free = "free",
        /// A region's name that is also that of the junction below it: "the lumbosacral disc".
        Lumbosacral = "lumbosacral",
        /// "from": leads to what was before.
        From = "from",
        /// "progressed": is more, or less, than it was.
        Grows = "grows",
        /// "now": not before.
        Now = "now",
        /// "by": leads to the one who did it.
        By = "by",
        /// "since": leads to a beginning.
        Since = "since",
        /// "side": what a side is said of.
        Aspect = "aspect",
        /// "both": of two things, or one of a pair.
        Both = "both",
        /// "arm", "neck": a part of the body that the cervical spine serves.
        UpperBody = "upper_body",
        /// "leg", "buttock": a part of the body that the lumbar spine serves.
        LowerBody = "lower_body",
        /// "level": may stand behind the name of one.
        Level = "level",
        /// "levels": behind the names of several.
        Levels = "levels",
        /// "over": one vertebra over the next.
        Over = "over",
        /// "down", before "to".
        Down = "down",
        /// "well" of "as well as".
        Well = "well",
        /// "out" of "out of ten".
        Out = "out",
        /// "left": the left one of two.
        Left = "left",
        /// "right": the right one of two.
        Right = "right",
        /// "above": what stands before it is beside what follows.
        Neighbour = "neighbour",
        /// "next": the same, where "to" follows.
        Adjoining = "adjoining",
        /// "repeat": the same once more.
        Repeat = "repeat",
        /// "same": what was named before.
        Same = "same",
        /// "again": the same, behind its name.
        Again = "again",
        /// "former": the first of two that were named.
        Former = "former",
        /// "latter": the last of those that were named.
        Latter = "latter",
        /// "her": what is known already.
        Possessive = "possessive",
        /// "will": leads to what is still to come.
        Will = "will",
        /// "when": leads to a time.
        When = "when",
        /// "course": what happened in a stay.
        Course = "course",
        /// "weeks": more than one.
        Plural = "plural",
        /// "incision": what is cut for an operation.
        Cut = "cut",
        /// "needle": what its size and its make stand before.
        Needle = "needle",
        /// "as", "he": too small a word to be what a name before it qualifies.
        Small = "small",
        /// "changed": is another than it was.
        Changed = "changed",
        /// "if": leads to a condition.
        If = "if",
        /// "today": no other day.
        Today = "today",
        /// "under": leads to what a needle is guided by.
        Guided = "guided",
        /// "pelvis": what a range of levels goes down to, past its last disc.
        Sacrum = "sacrum",
        /// An answer that affirms.
        Yes = "yes",
        /// An answer that denies.
        No = "no",
        /// "never": what it is said of was not had at any time.
        Never = "never",
        /// "pm": makes the number before it an hour.
        HalfDay = "half_day",
        /// What makes a number an ordinal: "14th".
        Ordinal = "ordinal",
        /// A day of the week.
        Weekday = "weekday",
        /// A month.
        January = "january",
        /// A month.
        February = "february",
        /// A month.
        March = "march",
        /// A month.
        April = "april",
        /// A month.
        May = "may",
        /// A month.
        June = "june",
        /// A month.
        July = "july",
        /// A month.
        August = "august",
        /// A month.
        September = "september",
        /// A month.
        October = "october",
        /// A month.
        November = "november",
        /// A month.
        December = "december",
    }
}

impl Sense {
    /// Whether it is the name of a month.
    pub const fn is_month(self) -> bool {
        matches!(
            self,
            Self::January
                | Self::February
                | Self::March
                | Self::April
                | Self::May
                | Self::June
                | Self::July
                | Self::August
                | Self::September
                | Self::October
                | Self::November
                | Self::December
        )
    }

    /// Whether it begins what is said of the subject before it.
    pub const fn is_predicate(self) -> bool {
        matches!(self, Self::Tells | Self::Present | Self::There | Self::Now)
    }
}
