//! The encounter, as it is printed: each value with its place.

use serde::Serialize;

use super::AuditJson;
use super::procedures::rounded;
use super::words::Words;
use crate::model::{
    Complaint, Drug, Encounter, FunctionScore, Guidance, Intent, Lasting, Moment, PainScore, ProcedureFamily,
    Relief, Sedation, Stated, Status, Substance,
};
use crate::text::Span;

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct EncounterRow<'a> {
    guidance: Option<StatedRow<'a, Guidance>>,
    contrast: Option<StatedRow<'a, bool>>,
    contrast_barrier: Option<Words<'a>>,
    images_retained: Option<Words<'a>>,
    views: Option<StatedRow<'a, u8>>,
    needle: Option<Words<'a>>,
    drugs: Vec<DrugRow<'a>>,
    sedation: Option<StatedRow<'a, Sedation>>,
    complications: Option<StatedRow<'a, bool>>,
    intent: Option<StatedRow<'a, Intent>>,
    series: Option<StatedRow<'a, u8>>,
    reliefs: Vec<ReliefRow<'a>>,
    pain_scores: Vec<ScoreRow<'a, f64>>,
    function_scores: Vec<ScoreRow<'a, Option<f64>>>,
    symptom_days: Option<LastingRow<'a>>,
    care_days: Option<LastingRow<'a>>,
    complaints: Vec<ComplaintRow<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct StatedRow<'a, T> {
    value: T,
    #[serde(flatten)]
    words: Words<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct LastingRow<'a> {
    value: Option<u32>,
    or_longer: bool,
    #[serde(flatten)]
    words: Words<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct DrugRow<'a> {
    name: Substance,
    dose_mg: Option<f64>,
    computed: bool,
    volume_ml: Option<f64>,
    mg_per_ml: Option<f64>,
    wasted_mg: Option<f64>,
    for_skin: bool,
    #[serde(flatten)]
    words: Words<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct ReliefRow<'a> {
    percent: Option<u8>,
    days: Option<u32>,
    or_longer: bool,
    ongoing: bool,
    after: Option<ProcedureFamily>,
    moment: Moment,
    #[serde(flatten)]
    words: Words<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct ScoreRow<'a, T> {
    value: T,
    moment: Moment,
    #[serde(flatten)]
    words: Words<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct ComplaintRow<'a> {
    complaint: Complaint,
    status: Status,
    #[serde(flatten)]
    words: Words<'a>,
}

impl<'a> AuditJson<'a> {
    /// The encounter; `None` where nothing is told of it.
    pub(super) fn encounter(&self) -> Option<EncounterRow<'a>> {
        let found = &self.audit.encounter;
        (*found != Encounter::default()).then(|| EncounterRow {
            guidance: self.stated(found.guidance),
            contrast: self.stated(found.contrast),
            contrast_barrier: found.contrast_barrier.map(|span| self.at(span)),
            images_retained: found.images_retained.map(|span| self.at(span)),
            views: self.stated(found.views),
            needle: found.needle.map(|span| self.at(span)),
            drugs: found.drugs.iter().map(|drug| self.drug(drug)).collect(),
            sedation: self.stated(found.sedation),
            complications: self.stated(found.complications),
            intent: self.stated(found.intent),
            series: self.stated(found.series),
            reliefs: found.reliefs.iter().map(|relief| self.relief(relief)).collect(),
            pain_scores: found.pain_scores.iter().map(|score| self.pain_score(score)).collect(),
            function_scores: found.function_scores.iter().map(|score| self.function_score(score)).collect(),
            symptom_days: self.lasting(found.symptom_days),
            care_days: self.lasting(found.care_days),
            complaints: found.complaints.iter().map(|&(told, status)| self.complaint(told, status)).collect(),
        })
    }

    fn at(&self, span: Span) -> Words<'a> {
        Words::new(*self, span)
    }

    fn stated<T>(&self, stated: Option<Stated<T>>) -> Option<StatedRow<'a, T>> {
        stated.map(|stated| StatedRow { value: stated.value, words: self.at(stated.span) })
    }

    fn lasting(&self, stated: Option<Stated<Lasting>>) -> Option<LastingRow<'a>> {
        let Stated { value: Lasting { days, or_longer }, span } = stated?;
        Some(LastingRow { value: days, or_longer, words: self.at(span) })
    }

    fn drug(&self, drug: &Drug) -> DrugRow<'a> {
        DrugRow {
            name: drug.substance,
            dose_mg: drug.dose_mg.map(rounded),
            computed: drug.is_computed,
            volume_ml: drug.volume_ml.map(rounded),
            mg_per_ml: drug.mg_per_ml.map(rounded),
            wasted_mg: drug.wasted_mg.map(rounded),
            for_skin: drug.for_skin,
            words: self.at(drug.span),
        }
    }

    fn relief(&self, relief: &Relief) -> ReliefRow<'a> {
        ReliefRow {
            percent: relief.percent,
            days: relief.lasted.and_then(|lasted| lasted.days),
            or_longer: relief.lasted.is_some_and(|lasted| lasted.or_longer),
            ongoing: relief.ongoing,
            after: relief.after,
            moment: relief.moment,
            words: self.at(relief.span),
        }
    }

    fn pain_score(&self, score: &PainScore) -> ScoreRow<'a, f64> {
        ScoreRow { value: score.value, moment: score.moment, words: self.at(score.span) }
    }

    fn function_score(&self, score: &FunctionScore) -> ScoreRow<'a, Option<f64>> {
        ScoreRow { value: score.value, moment: score.moment, words: self.at(score.span) }
    }

    fn complaint(&self, told: Stated<Complaint>, status: Status) -> ComplaintRow<'a> {
        ComplaintRow { complaint: told.value, status, words: self.at(told.span) }
    }
}
