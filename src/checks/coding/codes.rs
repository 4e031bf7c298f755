//! Codes that are unknown, too short, or outside their days; units and modifiers that are none; days that cannot be.

use crate::codes::{Certainty, Lookup};
use crate::model::{CodeSystem, Date, DateOrigin, Role, StatedCode};

use super::facts::Facts;
use super::raise::{Breach, Raise};

const UNKNOWN: &str = "COD001";
const HEADER: &str = "COD002";
const NOT_YET: &str = "COD003";
const ENDED: &str = "COD004";
const FUTURE: &str = "COD005";
const IMPOSSIBLE: &str = "COD006";
const BROKEN_UNITS: &str = "COD007";
const UNKNOWN_MODIFIER: &str = "COD008";
const NOT_IN_TABLES: &str = "COD009";

/// What the tables say of a stated code, whatever its system.
struct Standing {
    is_billable: bool,
    from: Option<Date>,
    to: Option<Date>,
    certainty: Certainty,
    dates: Certainty,
}

pub(super) fn check(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    for lines in &facts.codes {
        let Some(&stated) = lines.first() else { continue };
        let breach = || Breach::default().codes(lines.iter().copied()).with("code", &stated.code);
        let outside = |row: &Standing, edge: Option<Date>| {
            let day = edge.map(|edge| edge.to_string()).unwrap_or_default();
            breach().with("day", day).certainty(certainty(facts, row, edge)).of_day()
        };
        match standing(facts, stated) {
            Lookup::Unknown if is_misread(stated) => {}
            Lookup::Unknown => raise.flag(UNKNOWN, breach().certainty(unknown(stated.system))),
            Lookup::NotCovered if is_neighbour(facts, stated) => raise.flag(NOT_IN_TABLES, breach()),
            Lookup::NotCovered => {}
            // Without a day of service it cannot be told whether the code held.
            _ if facts.day().is_none() => {}
            Lookup::Valid(row) if !row.is_billable => {
                let instead = instead(raise, HEADER, &stated.code);
                raise.flag(HEADER, breach().with("instead", instead).of_day().once_right());
            }
            Lookup::Valid(_) => {}
            Lookup::NotYet(row) => raise.flag(NOT_YET, outside(&row, row.from)),
            Lookup::Ended(row) => {
                let instead = instead(raise, ENDED, &stated.code);
                raise.flag(ENDED, outside(&row, row.to).with("instead", instead).once_right());
            }
        }
    }
    for stated in facts.codes.iter().flatten() {
        suffix(facts, raise, stated);
    }
    future(facts, raise);
    if let Some(words) = facts.audit.impossible_date {
        raise.flag(IMPOSSIBLE, Breach::default().words(Role::Cue, words));
    }
}

fn standing(facts: &Facts<'_>, stated: &StatedCode) -> Lookup<Standing> {
    let day = facts.table_day();
    match stated.system {
        CodeSystem::Cpt => map(facts.tables.cpt(&stated.code, day), |row| Standing {
            is_billable: true,
            from: row.from,
            to: row.to,
            certainty: row.certainty,
            dates: row.dates,
        }),
        CodeSystem::Hcpcs => map(facts.tables.hcpcs(&stated.code, day), |row| Standing {
            is_billable: true,
            from: row.from,
            to: row.to,
            certainty: row.certainty,
            dates: row.dates,
        }),
        CodeSystem::Icd10Cm => map(facts.tables.icd10(&stated.code, day), |row| Standing {
            is_billable: row.billable,
            from: row.from,
            to: row.to,
            certainty: row.certainty,
            dates: row.dates,
        }),
    }
}

fn map<T, U>(lookup: Lookup<T>, into: impl Fn(T) -> U) -> Lookup<U> {
    match lookup {
        Lookup::Valid(row) => Lookup::Valid(into(row)),
        Lookup::NotYet(row) => Lookup::NotYet(into(row)),
        Lookup::Ended(row) => Lookup::Ended(into(row)),
        Lookup::Unknown => Lookup::Unknown,
        Lookup::NotCovered => Lookup::NotCovered,
    }
}

/// Whether the tables have codes that begin as a CPT number does, or are it but for two digits that changed places. In
/// a note that tells of no procedure on the spine it is of another service.
fn is_neighbour(facts: &Facts<'_>, stated: &StatedCode) -> bool {
    stated.system == CodeSystem::Cpt
        && !facts.audit.procedures.is_empty()
        && facts.tables.has_cpt_beside(&stated.code)
}

/// Units and modifiers that are none.
fn suffix(facts: &Facts<'_>, raise: &mut Raise<'_>, stated: &StatedCode) {
    let breach = || Breach::default().codes([stated]).with("code", &stated.code);
    if stated.has_broken_units {
        raise.flag(BROKEN_UNITS, breach());
    }
    // Of other codes the tables do not know which modifiers they bear.
    if !matches!(standing(facts, stated), Lookup::Valid(_) | Lookup::NotYet(_) | Lookup::Ended(_)) {
        return;
    }
    for modifier in &stated.modifiers {
        if facts.tables.modifier(modifier, facts.table_day()) == Lookup::NotCovered {
            raise.flag(UNKNOWN_MODIFIER, breach().with("modifier", modifier));
        }
    }
}

/// For how many days around its first or last day a code may yet hold, where that day is not verified.
const DOUBT: i64 = 183;

/// How sure it is that a code does not hold: near its first or last day as sure as that day, else as sure as the row.
fn certainty(facts: &Facts<'_>, row: &Standing, edge: Option<Date>) -> Certainty {
    let (Some(day), Some(edge)) = (facts.day(), edge) else { return row.dates };
    let days = day.duration_since(edge).as_hours() / 24;
    if days.abs() <= DOUBT { row.certainty.max(row.dates) } else { row.certainty }
}

/// ICD-10-CM is here whole, for the categories it has; the other tables are picked.
const fn unknown(system: CodeSystem) -> Certainty {
    match system {
        CodeSystem::Icd10Cm => Certainty::Verified,
        CodeSystem::Cpt | CodeSystem::Hcpcs => Certainty::Secondary,
    }
}

/// Whether a scanner took a digit for a letter: after its first character no ICD-10-CM code has I, L or O.
fn is_misread(stated: &StatedCode) -> bool {
    stated.system == CodeSystem::Icd10Cm
        && stated.code.get(1..).is_some_and(|rest| rest.contains(['I', 'L', 'O']))
}

/// What the rule names in place of a code, as an addition to the message.
fn instead(raise: &Raise<'_>, rule: &str, code: &str) -> String {
    let lists = raise.rule(rule).map(|rule| &rule.codes).into_iter().flatten();
    let found = lists.filter(|(_, codes)| codes.iter().any(|c| c == code)).map(|(name, _)| name).next();
    found.map(|name| raise.instead(name)).unwrap_or_default()
}

/// A procedure cannot have been performed on a day that is still to come.
fn future(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let (Some(service), Some(today)) = (facts.audit.service, facts.context.today) else { return };
    if service.origin == DateOrigin::Assumed || service.day <= today {
        return;
    }
    let Some(done) = facts.performed().next() else { return };
    let anchor = done.evidence.iter().find(|e| e.role == Role::Anchor);
    let breach = Breach::default().with("day", service.day).with("today", today);
    raise.flag(FUTURE, breach.evidence(anchor.map(std::slice::from_ref).unwrap_or_default()));
}
