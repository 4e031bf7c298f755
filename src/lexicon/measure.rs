//! Words beside a number: its unit, and the small words that say what it is a number of.

words! {
    /// What a word says of the number beside it. Such words are looked up around mentions only, never searched for.
    Measure {
        /// Milligrams.
        Milligram = "milligram",
        /// Micrograms.
        Microgram = "microgram",
        /// Grams.
        Gram = "gram",
        /// Millilitres, cubic centimetres.
        Millilitre = "millilitre",
        /// Percent.
        Percent = "percent",
        /// Minutes.
        Minute = "minute",
        /// Hours.
        Hour = "hour",
        /// Days.
        Day = "day",
        /// Weeks.
        Week = "week",
        /// Months.
        Month = "month",
        /// Years.
        Year = "year",
        /// Gauge of a needle.
        Gauge = "gauge",
        /// Length of a needle.
        Length = "length",
        /// "per", between a mass and a volume.
        Per = "per",
        /// "of old", which makes years an age.
        Old = "old",
        /// "ago", which counts back to a beginning.
        Ago = "ago",
        /// "then": what it was before, and after.
        Then = "then",
        /// "for", "x": leads to how long something lasted.
        Lasting = "lasting",
        /// Leads to when something will be, or how often: "in", "every".
        Timing = "timing",
        /// "until": leads to when something ended.
        Until = "until",
        /// "the past", before a time that ends now.
        Past = "past",
        /// "over", "at least": the number may be larger.
        More = "more",
        /// "several": in the place of a number.
        Several = "several",
        /// "about", "the": stands before a number and changes nothing.
        Filler = "filler",
        /// "before": the score before it is of before the procedure.
        Before = "before",
        /// "after".
        After = "after",
        /// Leads to a date: "on 7/10".
        Dated = "dated",
        /// "none" in the place of a value.
        Nil = "nil",
    }
}

impl Measure {
    /// Whether it is a unit: the number before it counts that.
    pub const fn is_unit(self) -> bool {
        matches!(
            self,
            Self::Milligram
                | Self::Microgram
                | Self::Gram
                | Self::Millilitre
                | Self::Percent
                | Self::Minute
                | Self::Hour
                | Self::Day
                | Self::Week
                | Self::Month
                | Self::Year
                | Self::Gauge
                | Self::Length
        )
    }
}
