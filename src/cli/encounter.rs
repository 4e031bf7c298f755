//! What is known of an encounter, a line for each value, for `foramen explain`.

use std::fmt::Display;

use crate::model::{Drug, Encounter, Lasting, Relief, Stated};
use crate::text::Span;

/// The values of an encounter in one line each, with the place of each.
pub(super) fn encounter_words(found: &Encounter) -> Vec<(String, Span)> {
    let mut lines: Vec<(String, Span)> = Vec::new();
    lines.extend(line("guidance", found.guidance));
    lines.extend(line("contrast", found.contrast.map(yes_or_no)));
    lines.extend(found.contrast_barrier.map(|span| ("contrast barrier".to_owned(), span)));
    lines.extend(found.images_retained.map(|span| ("images retained".to_owned(), span)));
    lines.extend(line("views", found.views));
    lines.extend(found.needle.map(|span| ("needle".to_owned(), span)));
    lines.extend(found.drugs.iter().map(|drug| (drug_words(drug), drug.span)));
    lines.extend(line("sedation", found.sedation));
    lines.extend(line("complications", found.complications.map(yes_or_no)));
    lines.extend(line("intent", found.intent));
    lines.extend(line("number in series", found.series));
    lines.extend(found.reliefs.iter().map(|relief| (relief_words(relief), relief.span)));
    let pain = |value, moment| format!("pain {value} {moment}");
    lines.extend(found.pain_scores.iter().map(|score| (pain(score.value, score.moment), score.span)));
    for score in &found.function_scores {
        let value = score.value.map_or_else(|| "no score".to_owned(), |value| value.to_string());
        lines.push((format!("function {value} {}", score.moment), score.span));
    }
    lines.extend(line("symptoms for", found.symptom_days.map(lasting)));
    lines.extend(line("conservative care for", found.care_days.map(lasting)));
    for (complaint, status) in &found.complaints {
        lines.push((format!("complaint {} {status}", complaint.value), complaint.span));
    }
    lines
}

fn line<T: Display>(name: &str, stated: Option<Stated<T>>) -> Option<(String, Span)> {
    stated.map(|stated| (format!("{name}: {}", stated.value), stated.span))
}

fn yes_or_no(stated: Stated<bool>) -> Stated<&'static str> {
    Stated { value: if stated.value { "yes" } else { "no" }, span: stated.span }
}

fn lasting(stated: Stated<Lasting>) -> Stated<String> {
    Stated { value: lasting_words(stated.value), span: stated.span }
}

fn lasting_words(Lasting { days, or_longer }: Lasting) -> String {
    let days = days.map_or_else(|| "some time".to_owned(), |days| format!("{days} days"));
    if or_longer { format!("{days} or longer") } else { days }
}

fn drug_words(drug: &Drug) -> String {
    let mut words = vec![format!("drug {}", drug.substance)];
    let computed = if drug.is_computed { " (computed)" } else { "" };
    words.extend(drug.dose_mg.map(|dose| format!("{dose} mg{computed}")));
    words.extend(drug.volume_ml.map(|volume| format!("{volume} mL")));
    words.extend(drug.mg_per_ml.map(|concentration| format!("{concentration} mg/mL")));
    words.extend(drug.wasted_mg.map(|wasted| format!("wasted {wasted} mg")));
    words.extend(drug.for_skin.then(|| "for the skin".to_owned()));
    words.join(", ")
}

fn relief_words(relief: &Relief) -> String {
    let mut words = vec!["relief".to_owned()];
    words.extend(relief.percent.map(|percent| format!("{percent}%")));
    words.extend(relief.lasted.map(lasting_words));
    words.extend(relief.ongoing.then(|| "ongoing".to_owned()));
    words.extend(relief.after.map(|family| format!("after {family}")));
    words.push(relief.moment.to_string());
    words.join(" ")
}
