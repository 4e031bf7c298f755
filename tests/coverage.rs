//! Coverage rules over facts built by hand: a session that has everything, and what the lack of each thing is.

#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use foramen::checks::{Case, Coverage, Rules, Settings, coverage};
use foramen::codes::CodeTables;
use foramen::model::{
    Audit, Complaint, ConservativeCare, Context, Correlation, CorrelationStatus, Date, DateOrigin,
    EarlierService, Evidence, EvidenceList, Finding, FindingKind, FlagLevel, Guidance, Intent, Lasting,
    Moment, NoteType, PainScore, Payer, Procedure, ProcedureFamily, ProcedureStatus, Relief, Role,
    SectionKind, ServiceDate, Side, Stated, Status,
};
use foramen::text::Span;

const AT: Span = Span { start: 0, end: 1 };

#[expect(clippy::unnecessary_wraps, reason = "the fields that it fills may be empty")]
fn stated<T>(value: T) -> Option<Stated<T>> {
    Some(Stated { value, span: AT })
}

/// A procedure from "family level side status", in any order; performed where no status is named.
fn procedure(facts: &str) -> Procedure {
    let words = || facts.split(' ');
    let named = |name: &str| words().any(|word| word == name);
    Procedure {
        family: *ProcedureFamily::ALL.iter().find(|f| named(f.name())).expect("a family"),
        level: words().find_map(|word| word.parse().ok()),
        side: Side::ALL.iter().copied().find(|side| named(side.name())),
        status: ProcedureStatus::ALL
            .iter()
            .copied()
            .find(|status| named(status.name()))
            .unwrap_or(ProcedureStatus::Performed),
        section: SectionKind::Procedure,
        evidence: EvidenceList::new(),
    }
}

fn relief(percent: Option<u8>, days: Option<u32>, after: &str, moment: Moment) -> Relief {
    let after = ProcedureFamily::ALL.iter().copied().find(|f| f.name() == after);
    Relief { percent, lasted: days.map(Lasting::of), ongoing: false, times: 1, after, moment, span: AT }
}

fn score(moment: Moment) -> PainScore {
    PainScore { value: 7.0, moment, span: AT }
}

fn finding(kind: FindingKind, level: &str, side: Option<Side>) -> Finding {
    Finding { level: level.parse().ok(), side, ..Finding::of(kind) }
}

/// A note of these procedures that has all that any of them owes.
fn complete(procedures: &[&str]) -> Audit {
    let mut audit = Audit::empty(NoteType::Procedure);
    audit.procedures = procedures.iter().map(|facts| procedure(facts)).collect();
    audit.service = Some(ServiceDate { day: day("2024-06-20"), origin: DateOrigin::Given });
    audit.findings = vec![finding(FindingKind::NerveRootCompression, "L4-L5", Some(Side::Right))];
    audit.correlation = Some(Correlation {
        status: CorrelationStatus::Explicit,
        concordance: foramen::model::Concordance::Undetermined,
        evidence: EvidenceList::new(),
    });
    audit.conservative_care = Some(ConservativeCare { documented: true, evidence: EvidenceList::new() });
    let encounter = &mut audit.encounter;
    encounter.symptom_days = stated(Lasting::of(120));
    encounter.care_days = stated(Lasting::of(42));
    encounter.guidance = stated(Guidance::Fluoroscopy);
    encounter.contrast = stated(true);
    encounter.images_retained = Some(AT);
    encounter.pain_scores = vec![score(Moment::Before), score(Moment::After)];
    audit
}

/// Care of 14 days, and other care whose time is not told.
fn two_treatments(audit: &mut Audit) {
    audit.encounter.care_days = stated(Lasting::of(14));
    let evidence = [AT, AT].map(|span| Evidence { role: Role::Treatment, span });
    audit.conservative_care =
        Some(ConservativeCare { documented: true, evidence: evidence.into_iter().collect() });
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn rules(packs: &[&str]) -> Rules {
    let packs = Some(packs.iter().map(|&pack| pack.to_owned()).collect());
    Rules::embedded().unwrap().chosen(&Settings { packs, ..Settings::default() }).unwrap()
}

fn judged(audit: &Audit, context: &Context) -> Coverage {
    judged_under(audit, context, &Settings::default())
}

fn judged_under(audit: &Audit, context: &Context, settings: &Settings) -> Coverage {
    let tables = CodeTables::embedded().unwrap();
    coverage(&rules(&["lcd-esi", "lcd-facet"]), Case { audit, context, tables: &tables, settings })
}

/// The codes of gaps, then of flags.
fn codes(found: &Coverage) -> Vec<&'static str> {
    let flags = found.flags.iter().map(|flag| flag.rule);
    found.owed.gaps.iter().map(|gap| gap.rule).chain(flags).collect()
}

fn broken(audit: &Audit) -> Vec<&'static str> {
    codes(&judged(audit, &Context::default()))
}

/// What to take out of a complete note, or put into it, and the rules that it then breaks.
type Change = (fn(&mut Audit), &'static [&'static str]);

fn each(procedures: &[&str], changes: &[Change]) {
    let whole = complete(procedures);
    for (at, (change, expected)) in changes.iter().enumerate() {
        let mut audit = whole.clone();
        change(&mut audit);
        assert_eq!(broken(&audit), *expected, "change {at} of {procedures:?}");
    }
}

const REPEAT: fn(&mut Audit) = |a| {
    a.encounter.reliefs = vec![relief(Some(70), Some(120), "transforaminal_esi", Moment::Before)];
};

const TWO_BLOCKS: fn(&mut Audit) = |a| {
    a.encounter.reliefs = vec![
        relief(Some(90), None, "medial_branch_block", Moment::Before),
        relief(Some(80), None, "medial_branch_block", Moment::Before),
    ];
};

#[test]
fn a_complete_note_of_each_family_breaks_nothing() {
    for procedures in [
        &["transforaminal_esi L4-L5 right"][..],
        &["transforaminal_esi L4-L5 right", "transforaminal_esi L5-S1 right"],
        &["interlaminar_esi L4-L5"],
        &["caudal_esi"],
        &["esi_unspecified L5-S1"],
        &["selective_nerve_root_block L5 left"],
        &["facet_joint_injection L4-L5 bilateral", "facet_joint_injection L5-S1 bilateral"],
        &["medial_branch_block L3 left", "medial_branch_block L4 left", "medial_branch_block L5 left"],
        &["si_joint_injection right"],
        &["discectomy L4-L5", "fusion L4-L5"],
        &["radiofrequency_ablation right"],
        &["radiofrequency_ablation S1 right"],
    ] {
        assert_eq!(broken(&complete(procedures)), [""; 0], "{procedures:?}");
    }
    let mut ablation = complete(&["radiofrequency_ablation L4 right", "radiofrequency_ablation L5 right"]);
    TWO_BLOCKS(&mut ablation);
    assert_eq!(broken(&ablation), [""; 0]);
    let mut repeat = complete(&["transforaminal_esi L4-L5 right"]);
    REPEAT(&mut repeat);
    assert_eq!(broken(&repeat), [""; 0]);
}

#[test]
fn each_element_of_an_epidural_injection_stands_for_itself() {
    each(
        &["transforaminal_esi L4-L5 right"],
        &[
            (|a| a.correlation = None, &["ESI001"]),
            (|a| a.findings.clear(), &["ESI002"]),
            (|a| a.findings[0].side = None, &["ESI002"]),
            (|a| a.findings[0].level = "C5-C6".parse().ok(), &["ESI002"]),
            (|a| a.findings[0].status = Status::Absent, &["ESI002"]),
            (|a| a.findings[0] = finding(FindingKind::CentralCanalStenosis, "L3-L4", None), &[]),
            (|a| a.encounter.symptom_days = None, &["ESI003"]),
            (|a| (a.conservative_care, a.encounter.care_days) = (None, None), &["ESI004"]),
            (|a| a.encounter.care_days = None, &["ESI005"]),
            (|a| a.encounter.pain_scores.clear(), &["ESI006"]),
            (|a| a.encounter.pain_scores.truncate(1), &[]),
            (|a| a.encounter.guidance = None, &["ESI010"]),
            (|a| a.encounter.guidance = stated(Guidance::Ct), &[]),
            (|a| a.encounter.guidance = stated(Guidance::Ultrasound), &["ESI024"]),
            (|a| a.encounter.contrast = None, &["ESI011"]),
            (|a| a.encounter.contrast = stated(false), &["ESI011"]),
            (|a| a.encounter.images_retained = None, &["ESI012"]),
            (|a| a.encounter.symptom_days = stated(Lasting::of(27)), &["ESI022"]),
            (|a| a.encounter.symptom_days = stated(Lasting::of(28)), &[]),
            (|a| a.encounter.care_days = stated(Lasting::of(14)), &["ESI023"]),
            (|a| a.encounter.symptom_days = stated(Lasting { days: Some(14), or_longer: true }), &[]),
            (|a| a.encounter.symptom_days = stated(Lasting { days: None, or_longer: true }), &[]),
            (two_treatments, &[]),
        ],
    );
}

#[test]
fn a_repeat_owes_what_the_earlier_injection_did() {
    let historical = |a: &mut Audit| a.procedures.push(procedure("interlaminar_esi L5-S1 historical"));
    let audit = |change: &dyn Fn(&mut Audit)| {
        let mut audit = complete(&["transforaminal_esi L4-L5 right"]);
        change(&mut audit);
        broken(&audit)
    };
    assert_eq!(audit(&historical), ["ESI008", "ESI009"]);
    assert_eq!(audit(&|a| a.encounter.series = stated(2)), ["ESI008", "ESI009"]);
    assert_eq!(audit(&|a| a.encounter.series = stated(1)), [""; 0]);
    assert_eq!(audit(&|a| a.procedures.push(procedure("interlaminar_esi C6-C7 historical"))), [""; 0]);
    assert_eq!(audit(&|a| a.procedures.push(procedure("interlaminar_esi L4-L5 considered"))), [""; 0]);
    for (percent, days, expected) in [
        (Some(70), Some(120), &[][..]),
        (Some(50), Some(84), &[]),
        (None, Some(120), &["ESI008"]),
        (Some(70), None, &["ESI009"]),
        (Some(40), Some(120), &["ESI027"]),
        (Some(70), Some(20), &["ESI027"]),
        (Some(40), None, &["ESI009", "ESI027"]),
    ] {
        let told = |a: &mut Audit| {
            a.encounter.reliefs = vec![relief(percent, days, "caudal_esi", Moment::Before)];
        };
        assert_eq!(audit(&told), expected, "{percent:?} {days:?}");
    }
    let no_score_after = |a: &mut Audit| {
        REPEAT(a);
        a.encounter.pain_scores.truncate(1);
    };
    assert_eq!(audit(&no_score_after), ["ESI007"]);
}

#[test]
fn zoster_surgery_allergy_and_pregnancy_waive_what_they_waive() {
    let complaint = |complaint, status| (Stated { value: complaint, span: AT }, status);
    let mut zoster = complete(&["interlaminar_esi T5-T6"]);
    (zoster.encounter.symptom_days, zoster.encounter.care_days) = (stated(Lasting::of(10)), None);
    (zoster.correlation, zoster.findings) = (None, vec![]);
    assert_eq!(broken(&zoster), ["ESI001", "ESI002", "ESI005", "ESI022"]);
    zoster.encounter.complaints = vec![complaint(Complaint::HerpesZoster, Status::Possible)];
    assert_eq!(broken(&zoster), ["ESI001", "ESI002", "ESI005", "ESI022"]);
    zoster.encounter.complaints = vec![complaint(Complaint::HerpesZoster, Status::Present)];
    assert_eq!(broken(&zoster), [""; 0]);

    let mut operated = complete(&["caudal_esi"]);
    (operated.correlation, operated.findings) = (None, vec![]);
    operated.encounter.complaints = vec![complaint(Complaint::Postlaminectomy, Status::Present)];
    assert_eq!(broken(&operated), [""; 0]);

    let mut barred = complete(&["interlaminar_esi L4-L5"]);
    (barred.encounter.contrast, barred.encounter.contrast_barrier) = (stated(false), Some(AT));
    barred.encounter.guidance = stated(Guidance::Ultrasound);
    assert_eq!(broken(&barred), [""; 0]);
}

#[test]
fn sessions_have_so_many_levels_and_one_region() {
    for (procedures, expected) in [
        (
            &["transforaminal_esi L3-L4", "transforaminal_esi L4-L5", "transforaminal_esi L5-S1"][..],
            &["ESI020"][..],
        ),
        (
            &["transforaminal_esi L4-L5 left", "transforaminal_esi L4-L5 right", "transforaminal_esi L5-S1"],
            &[],
        ),
        (&["interlaminar_esi L4-L5", "interlaminar_esi L5-S1"], &["ESI020"]),
        (&["transforaminal_esi L4-L5", "interlaminar_esi C6-C7"], &["ESI021"]),
        (
            &[
                "transforaminal_esi L3-L4 planned",
                "transforaminal_esi L4-L5 planned",
                "transforaminal_esi L5-S1 planned",
            ],
            &[],
        ),
        (
            &["facet_joint_injection L3-L4", "facet_joint_injection L4-L5", "facet_joint_injection L5-S1"],
            &["FJI020"],
        ),
        (&["medial_branch_block C3", "medial_branch_block C4", "medial_branch_block C5"], &[]),
        (
            &[
                "medial_branch_block L2",
                "medial_branch_block L3",
                "medial_branch_block L4",
                "medial_branch_block L5",
            ],
            &["FJI020"],
        ),
    ] {
        assert_eq!(broken(&complete(procedures)), expected, "{procedures:?}");
    }
}

#[test]
fn each_element_of_a_facet_procedure_stands_for_itself() {
    each(
        &["medial_branch_block L4 left", "medial_branch_block L5 left"],
        &[
            (|a| a.encounter.symptom_days = None, &["FJI001"]),
            (|a| (a.conservative_care, a.encounter.care_days) = (None, None), &["FJI002"]),
            (|a| a.encounter.pain_scores.remove(0).value = 0.0, &["FJI003"]),
            (|a| a.encounter.pain_scores.truncate(1), &["FJI004"]),
            (|a| a.encounter.guidance = None, &["FJI008"]),
            (|a| a.encounter.guidance = stated(Guidance::Ultrasound), &["FJI022"]),
            (|a| a.encounter.images_retained = None, &["FJI009"]),
            (|a| a.encounter.symptom_days = stated(Lasting::of(83)), &["FJI021"]),
            (|a| a.encounter.contrast = None, &[]),
            (|a| (a.correlation, a.findings) = (None, vec![]), &[]),
            (
                |a| {
                    a.encounter.pain_scores.truncate(1);
                    a.encounter.intent = stated(Intent::Therapeutic);
                },
                &[],
            ),
            (
                |a| {
                    a.encounter.pain_scores.truncate(1);
                    a.encounter.reliefs = vec![relief(Some(80), None, "", Moment::After)];
                },
                &[],
            ),
        ],
    );
}

#[test]
fn an_ablation_owes_two_blocks_and_a_repeat_owes_relief() {
    each(
        &["radiofrequency_ablation L4 right", "radiofrequency_ablation L5 right"],
        &[
            (|_| (), &["FJI005"]),
            (TWO_BLOCKS, &[]),
            (
                |a| a.encounter.reliefs = vec![relief(Some(90), None, "medial_branch_block", Moment::Before)],
                &["FJI005"],
            ),
            (
                |a| {
                    TWO_BLOCKS(a);
                    a.encounter.reliefs[1].percent = Some(50);
                },
                &["FJI025"],
            ),
            (
                |a| a.procedures.push(procedure("radiofrequency_ablation L4 right historical")),
                &["FJI006", "FJI007"],
            ),
            (|a| a.procedures.push(procedure("radiofrequency_ablation L4 left historical")), &["FJI005"]),
            (
                |a| {
                    a.encounter.reliefs =
                        vec![relief(Some(60), Some(200), "radiofrequency_ablation", Moment::Before)];
                },
                &[],
            ),
            (
                |a| {
                    a.encounter.reliefs =
                        vec![relief(Some(60), Some(90), "radiofrequency_ablation", Moment::Before)];
                },
                &["FJI028"],
            ),
        ],
    );
}

#[test]
fn an_injection_that_treats_a_joint_owes_two_blocks_and_a_repeat_owes_relief() {
    let again = |a: &mut Audit, relief: Option<Relief>| {
        a.encounter.intent = stated(Intent::Therapeutic);
        a.procedures.push(procedure("facet_joint_injection L4-L5 right historical"));
        a.encounter.reliefs = relief.into_iter().collect();
    };
    let relieved = |percent, days| Some(relief(percent, days, "facet_joint_injection", Moment::Before));
    let broken_by = |change: &dyn Fn(&mut Audit)| {
        let mut audit = complete(&["facet_joint_injection L4-L5 right"]);
        change(&mut audit);
        broken(&audit)
    };
    let treats: &dyn Fn(&mut Audit) = &|a| a.encounter.intent = stated(Intent::Therapeutic);
    for (what, change, expected) in [
        ("no intent told", &|_: &mut Audit| (), &[]),
        ("the first that treats", treats, &["FJI010"]),
        (
            "the first, after two blocks",
            &|a: &mut Audit| {
                treats(a);
                TWO_BLOCKS(a);
            },
            &[],
        ),
        ("diagnostic", &|a: &mut Audit| a.encounter.intent = stated(Intent::Diagnostic), &[]),
        ("again", &|a: &mut Audit| again(a, None), &["FJI011", "FJI012"]),
        ("again, percent told", &|a: &mut Audit| again(a, relieved(Some(70), None)), &["FJI012"]),
        ("again, duration told", &|a: &mut Audit| again(a, relieved(None, Some(150))), &["FJI011"]),
        ("again, both told", &|a: &mut Audit| again(a, relieved(Some(70), Some(150))), &[]),
        ("again, little", &|a: &mut Audit| again(a, relieved(Some(20), Some(150))), &["FJI029"]),
        ("again, for a week", &|a: &mut Audit| again(a, relieved(Some(70), Some(7))), &["FJI029"]),
        (
            "the other side before",
            &|a: &mut Audit| {
                treats(a);
                a.procedures.push(procedure("facet_joint_injection L4-L5 left historical"));
            },
            &["FJI010"],
        ),
    ] as [(&str, &dyn Fn(&mut Audit), &[&str]); 11]
    {
        assert_eq!(broken_by(change), expected, "{what}");
    }
}

#[test]
fn only_performed_and_planned_procedures_owe() {
    for status in ["historical", "considered"] {
        for family in ["transforaminal_esi L4-L5", "medial_branch_block L4", "radiofrequency_ablation L4"] {
            let mut audit = Audit::empty(NoteType::Clinic);
            audit.procedures = vec![procedure(&format!("{family} {status}"))];
            let found = judged(&audit, &Context::default());
            assert_eq!(found, Coverage::default(), "{family} {status}");
        }
    }
    let mut planned = Audit::empty(NoteType::Clinic);
    planned.procedures = vec![procedure("transforaminal_esi L4-L5 right planned")];
    assert_eq!(broken(&planned), ["ESI001", "ESI002", "ESI003", "ESI004", "ESI006"]);
    assert_eq!(judged(&Audit::empty(NoteType::Clinic), &Context::default()), Coverage::default());
}

#[test]
fn the_score_counts_what_is_there_and_what_is_not() {
    let mut audit = complete(&["transforaminal_esi L4-L5 right"]);
    assert_eq!(judged(&audit, &Context::default()).owed.score().percent(), Some(100.0));
    (audit.encounter.contrast, audit.encounter.images_retained) = (None, None);
    let score = judged(&audit, &Context::default()).owed.score();
    assert_eq!((score.documented, score.required), (7, 9));
    let gaps = judged(&audit, &Context::default()).owed.gaps;
    assert!(gaps.iter().all(|gap| gap.procedure == Some(0) && gap.finding.is_none()));
}

#[test]
fn a_payer_with_policies_of_its_own_is_not_judged_by_medicares() {
    let bare = &["transforaminal_esi L4-L5 planned"];
    let mut audit = Audit::empty(NoteType::Clinic);
    audit.procedures = bare.iter().map(|facts| procedure(facts)).collect();
    let commercial = Context { payer: Some(Payer::Commercial), ..Context::default() };
    assert_eq!(judged(&audit, &commercial), Coverage::default());
    let medicare = Context { payer: Some(Payer::Medicare), ..Context::default() };
    assert_ne!(judged(&audit, &medicare), Coverage::default());
}

#[test]
fn contractor_and_day_decide_which_policy_holds() {
    let contractor = |key: &str| Context { contractor: Some(key.to_owned()), ..Context::default() };
    let on = |day_of: &str, context: &Context| {
        let mut audit = complete(&["interlaminar_esi L4-L5", "interlaminar_esi L5-S1"]);
        audit.service = Some(ServiceDate { day: day(day_of), origin: DateOrigin::Given });
        let found = judged(&audit, context);
        (
            found.flags.first().map(|flag| flag.message.clone()),
            found.policies.first().map(|p| p.number.clone()),
        )
    };
    let (message, number) = on("2024-03-01", &contractor("cgs"));
    assert_eq!(
        message.as_deref(),
        Some(
            "interlaminar esi: 2 lumbar/sacral levels in one session; 1 is the most \
             (LCD L39015 of CGS, in force since 2021-12-05)"
        )
    );
    assert_eq!(number.as_deref(), Some("L39015"));
    assert_eq!(on("2025-11-06", &contractor("noridian-jf")).1.as_deref(), Some("L39240"));
    assert_eq!(on("2022-06-18", &contractor("noridian-jf")), (None, None));
    let (message, number) = on("2024-03-01", &Context::default());
    assert!(message.is_some_and(|m| m.ends_with("; no contractor is set)")));
    assert_eq!(number, None);
    assert_eq!(on("2021-12-04", &Context::default()), (None, None));
}

#[test]
fn no_coverage_rule_is_an_error_or_calls_itself_national() {
    for rule in rules(&["lcd-esi", "lcd-facet"]).iter() {
        assert!(rule.level < FlagLevel::Error, "{}", rule.code);
        for text in rule.message.iter().chain([&rule.title, &rule.summary]) {
            assert!(
                !text.contains("CMS") && !text.to_lowercase().contains("national"),
                "{}: {text}",
                rule.code
            );
        }
        assert!(rule.message.as_ref().is_none_or(|m| m.ends_with(" ({policy})")), "{}", rule.code);
    }
}

#[test]
fn a_limit_of_the_user_stands_in_for_the_datas() {
    let mut audit = complete(&["transforaminal_esi L4-L5 right"]);
    audit.encounter.care_days = stated(Lasting::of(30));
    let settings = Settings {
        packs: Some(vec!["lcd-esi".into()]),
        limits: [(foramen::checks::Limit::EsiCareDays, 42)].into(),
        ..Settings::default()
    };
    let rules = Rules::embedded().unwrap().chosen(&settings).unwrap();
    let (tables, context) = (CodeTables::embedded().unwrap(), Context::default());
    let found =
        coverage(&rules, Case { audit: &audit, context: &context, tables: &tables, settings: &settings });
    assert_eq!(codes(&found), ["ESI023"]);
    assert!(found.flags[0].message.contains("30 days; at least 42"));
}

/// Earlier services from "day family level side".
fn earlier(services: &[&str]) -> Vec<EarlierService> {
    let service = |facts: &&str| {
        let (on, rest) = facts.split_once(' ').expect("a day");
        let what = procedure(rest);
        EarlierService {
            day: day(on),
            family: what.family,
            region: what.region(),
            level: what.level,
            side: what.side,
            is_diagnostic: None,
        }
    };
    services.iter().map(service).collect()
}

#[test]
fn earlier_services_count_against_the_caps() {
    let four =
        ["2023-07-01 caudal_esi", "2023-09-01 caudal_esi", "2023-12-01 caudal_esi", "2024-03-01 caudal_esi"];
    let esi = "transforaminal_esi L4-L5 right";
    let ablation = "radiofrequency_ablation L4 right";
    for (what, services, expected) in [
        (esi, &four[..], &["ESI025"][..]),
        (esi, &four[..3], &[]),
        (esi, &["2023-06-20 caudal_esi", four[1], four[2], four[3]], &[]),
        (esi, &["2023-06-21 caudal_esi", four[1], four[2], four[3]], &["ESI025"]),
        (esi, &[four[0], four[0], four[1], four[2], "2024-06-20 caudal_esi"], &[]),
        (esi, &["2024-06-07 caudal_esi"], &["ESI026"]),
        (esi, &["2024-06-06 caudal_esi"], &[]),
        (esi, &["2024-06-07 interlaminar_esi C6-C7"], &[]),
        ("interlaminar_esi C6-C7", &four, &[]),
        ("medial_branch_block L4 left", &["2024-06-10 medial_branch_block L4 left"], &["FJI024"]),
        (
            ablation,
            &["2023-07-01 radiofrequency_ablation L4 left", "2023-08-01 radiofrequency_ablation L4 left"],
            &["FJI026"],
        ),
        (ablation, &["2024-01-01 radiofrequency_ablation L4 right"], &["FJI027"]),
        (ablation, &["2023-12-20 radiofrequency_ablation L4 right"], &[]),
        (ablation, &["2024-01-01 radiofrequency_ablation L4 left"], &[]),
        (ablation, &["2024-01-01 radiofrequency_ablation L2 right"], &[]),
    ] {
        let mut audit = complete(&[what]);
        audit.findings.push(finding(FindingKind::DiscDisplacement, "C6-C7", None));
        audit.encounter.reliefs = vec![
            relief(Some(90), Some(400), "caudal_esi", Moment::Before),
            relief(Some(90), Some(400), "medial_branch_block", Moment::Before),
            relief(Some(90), Some(400), "facet_joint_injection", Moment::Before),
        ];
        if services.iter().any(|s| s.contains("ablation L4 right")) {
            audit.encounter.reliefs.push(relief(
                Some(90),
                Some(400),
                "radiofrequency_ablation",
                Moment::Before,
            ));
        }
        let context = Context { earlier: earlier(services), ..Context::default() };
        assert_eq!(codes(&judged(&audit, &context)), expected, "{what} after {services:?}");
    }
}

#[test]
fn one_telling_of_relief_may_stand_for_two_blocks_of_earlier_notes() {
    let mut audit = complete(&["radiofrequency_ablation L4 right"]);
    audit.encounter.reliefs = vec![relief(Some(90), None, "medial_branch_block", Moment::Before)];
    let blocks = earlier(&["2024-04-01 medial_branch_block L4", "2024-05-01 medial_branch_block L4"]);
    let context = Context { earlier: blocks, ..Context::default() };
    assert_eq!(codes(&judged(&audit, &context)), [""; 0]);
}

#[test]
fn an_assumed_day_counts_no_history() {
    let mut audit = complete(&["transforaminal_esi L4-L5 right"]);
    audit.service = Some(ServiceDate { day: day("2024-06-20"), origin: DateOrigin::Assumed });
    let context = Context { earlier: earlier(&["2024-06-19 caudal_esi"]), ..Context::default() };
    assert_eq!(codes(&judged(&audit, &context)), [""; 0]);
}

#[test]
fn nerves_of_the_sacroiliac_joint_are_no_facet_procedure() {
    for (procedures, is_asked) in [
        (&["radiofrequency_ablation L5 left", "radiofrequency_ablation S1 left"][..], false),
        (&["medial_branch_block L5 left", "medial_branch_block S2 left"], false),
        (&["radiofrequency_ablation L5 left"], false),
        (&["radiofrequency_ablation L4 left", "radiofrequency_ablation L5 left"], true),
        (&["medial_branch_block L4 left", "medial_branch_block L5 left"], true),
        (&["facet_joint_injection L5-S1 left"], true),
    ] {
        let mut audit = Audit::empty(NoteType::Procedure);
        audit.procedures = procedures.iter().map(|facts| procedure(facts)).collect();
        assert_eq!(!broken(&audit).is_empty(), is_asked, "{procedures:?}");
    }
}

#[test]
fn what_a_visit_tells_of_is_owed_by_its_report() {
    for (note_type, facts, is_asked) in [
        (NoteType::Clinic, "transforaminal_esi L4-L5 left", false),
        (NoteType::Clinic, "transforaminal_esi L4-L5 left planned", true),
        (NoteType::Procedure, "transforaminal_esi L4-L5 left", true),
        // An epidural of a birth, as far as the note tells.
        (NoteType::Operative, "esi_unspecified planned", false),
        (NoteType::Operative, "esi_unspecified L4-L5 planned", true),
    ] {
        let mut audit = Audit::empty(note_type);
        audit.procedures = vec![procedure(facts)];
        assert_eq!(!broken(&audit).is_empty(), is_asked, "{note_type:?} {facts}");
    }
}

#[test]
fn a_site_that_asks_no_note_for_correlation_asks_for_all_else() {
    let settings = Settings { correlation_owed_by: Vec::new(), ..Settings::default() };
    for facts in ["transforaminal_esi L4-L5 left", "facet_joint_injection L4-L5 left"] {
        let mut audit = Audit::empty(NoteType::Procedure);
        audit.procedures = vec![procedure(facts)];
        let all = broken(&audit);
        let asked = codes(&judged_under(&audit, &Context::default(), &settings));
        assert!(all.len() > 3, "{facts}: {all:?}");
        let others: Vec<_> = all.into_iter().filter(|code| *code != "ESI001").collect();
        assert_eq!(asked, others, "{facts}");
    }
}

#[test]
fn one_telling_of_relief_may_be_of_two_blocks() {
    for (times, is_asked) in [(1, true), (2, false)] {
        let mut audit = Audit::empty(NoteType::Procedure);
        audit.procedures =
            vec![procedure("radiofrequency_ablation L4 left"), procedure("radiofrequency_ablation L5 left")];
        let told = relief(Some(90), None, "medial_branch_block", Moment::Before);
        audit.encounter.reliefs = vec![Relief { times, ..told }];
        assert_eq!(broken(&audit).contains(&"FJI005"), is_asked, "{times}");
    }
}
