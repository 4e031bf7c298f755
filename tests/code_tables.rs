//! The code tables: every row is as it must be, and what is known of a code is found by its day.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use foramen::codes::{Bilateral, Certainty, CodeTables, CptRegion, IcdRegion, Imaging, Lookup, Unit};
use foramen::model::{Date, Level, Substance};
use proptest::prelude::*;

fn tables() -> CodeTables {
    CodeTables::embedded().expect("the embedded tables are whole")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn level(text: &str) -> Level {
    text.parse().expect("a level")
}

/// What a lookup says, in a word.
fn word<T>(lookup: &Lookup<T>) -> &'static str {
    match lookup {
        Lookup::Valid(_) => "valid",
        Lookup::NotYet(_) => "not yet",
        Lookup::Ended(_) => "ended",
        Lookup::Unknown => "unknown",
        Lookup::NotCovered => "not covered",
    }
}

#[test]
fn cpt_codes_hold_on_their_days() {
    let tables = tables();
    for (code, on, expected) in [
        ("62323", "2024-05-01", "valid"),
        ("62323", "2016-12-31", "not yet"),
        ("62311", "2016-12-31", "valid"),
        ("62311", "2017-01-01", "ended"),
        ("64483", "2012-01-01", "valid"),
        ("64481", "2024-05-01", "unknown"),
        ("0228T", "2021-12-31", "valid"),
        ("0229T", "2022-01-01", "ended"),
        ("72275", "2021-06-01", "valid"),
        ("72275", "2023-06-01", "ended"),
        ("63052", "2021-12-31", "not yet"),
        ("63052", "2022-01-01", "valid"),
        ("62330", "2025-12-31", "not yet"),
        ("64451", "2019-12-31", "not yet"),
        ("64625", "2020-01-01", "valid"),
        ("99213", "2024-05-01", "not covered"),
        ("", "2024-05-01", "not covered"),
        ("émile", "2024-05-01", "not covered"),
    ] {
        assert_eq!(word(&tables.cpt(code, day(on))), expected, "{code} on {on}");
    }
}

#[test]
fn drug_codes_hold_on_their_days() {
    let tables = tables();
    for (code, on, expected) in [
        ("J1010", "2024-03-31", "not yet"),
        ("J1010", "2024-04-01", "valid"),
        ("J1030", "2024-03-31", "valid"),
        ("J1030", "2025-01-10", "ended"),
        ("J2930", "2024-04-01", "ended"),
        ("J2919", "2024-04-01", "valid"),
        ("J3301", "2019-01-01", "valid"),
        ("J9999", "2024-05-01", "not covered"),
    ] {
        assert_eq!(word(&tables.hcpcs(code, day(on))), expected, "{code} on {on}");
    }
}

#[test]
fn a_drug_code_has_its_substance_and_unit() {
    use Substance::{
        Betamethasone, Bupivacaine, Contrast, Dexamethasone, Ketorolac, MethylprednisoloneAcetate,
        TriamcinoloneAcetonide,
    };
    let tables = tables();
    for (code, on, substance, unit_mg) in [
        ("J1010", "2025-01-01", Some(MethylprednisoloneAcetate), Some(1.0)),
        ("J1020", "2020-01-01", Some(MethylprednisoloneAcetate), Some(20.0)),
        ("J1030", "2020-01-01", Some(MethylprednisoloneAcetate), Some(40.0)),
        ("J1040", "2020-01-01", Some(MethylprednisoloneAcetate), Some(80.0)),
        ("J3301", "2025-01-01", Some(TriamcinoloneAcetonide), Some(10.0)),
        ("J3300", "2025-01-01", Some(TriamcinoloneAcetonide), Some(1.0)),
        ("J1100", "2025-01-01", Some(Dexamethasone), Some(1.0)),
        ("J0702", "2025-01-01", Some(Betamethasone), Some(6.0)),
        ("J1885", "2025-01-01", Some(Ketorolac), Some(15.0)),
        // Dihydroergotamine, often taken for ketorolac.
        ("J1110", "2025-01-01", None, Some(1.0)),
        ("J0665", "2025-01-01", Some(Bupivacaine), Some(0.5)),
        ("Q9966", "2025-01-01", Some(Contrast), None),
    ] {
        let Lookup::Valid(row) = tables.hcpcs(code, day(on)) else { panic!("{code} on {on}") };
        assert_eq!((row.substance, row.unit_mg), (substance, unit_mg), "{code}");
    }
}

#[test]
fn a_diagnosis_code_is_billable_or_a_header_by_its_day() {
    let tables = tables();
    for (code, on, billable) in [
        ("M48.06", "2017-09-30", true),
        ("M48.06", "2017-10-01", false),
        ("M48.061", "2017-10-01", true),
        ("M54.5", "2021-09-30", true),
        ("M54.5", "2021-10-01", false),
        ("M54.50", "2021-10-01", true),
        ("M51.36", "2024-09-30", true),
        ("M51.36", "2024-10-01", false),
        ("M51.37", "2024-10-01", false),
        ("M51.379", "2024-10-01", true),
        ("M50.12", "2016-09-30", true),
        ("M50.12", "2024-01-01", false),
        ("M50.122", "2016-10-01", true),
        ("M54.1", "2024-01-01", false),
        ("M54.16", "2015-10-01", true),
        ("M96.1", "2024-01-01", true),
        ("M51.A1", "2022-10-01", true),
        ("M80", "2024-01-01", false),
        ("G89.29", "2024-01-01", true),
        ("B02.29", "2024-01-01", true),
        ("Z98.1", "2024-01-01", true),
        ("Q76.49", "2024-01-01", true),
        ("M45.A2", "2021-10-01", true),
        // A seventh character is owed.
        ("M48.46", "2024-01-01", false),
        ("M48.46XA", "2024-01-01", true),
    ] {
        match tables.icd10(code, day(on)) {
            Lookup::Valid(row) => assert_eq!(row.billable, billable, "{code} on {on}"),
            other => assert_eq!((code, word(&other)), ("M80", "not covered"), "{code} on {on}"),
        }
    }
    for (code, on, expected) in [
        ("M48.061", "2017-09-30", "not yet"),
        ("M54.51", "2021-09-30", "not yet"),
        ("M51.360", "2024-09-30", "not yet"),
        ("M51.A0", "2022-09-30", "not yet"),
        ("M54.19", "2024-01-01", "unknown"),
        ("M51.10", "2024-01-01", "unknown"),
        ("M51.18", "2024-01-01", "unknown"),
        ("M47.17", "2024-01-01", "unknown"),
        ("M44.1", "2024-01-01", "unknown"),
        ("E11.9", "2024-01-01", "not covered"),
        ("G83.1", "2024-01-01", "not covered"),
    ] {
        assert_eq!(word(&tables.icd10(code, day(on))), expected, "{code} on {on}");
    }
}

#[test]
fn excluded_pairs_are_known_both_ways_and_by_their_day() {
    let tables = tables();
    for (one, other, on, expected) in [
        ("M54.16", "M51.16", "2024-01-01", true),
        ("M54.12", "M50.122", "2024-01-01", true),
        ("M54.16", "M47.26", "2024-01-01", true),
        ("M54.31", "M51.17", "2024-01-01", true),
        ("M54.31", "M54.41", "2024-01-01", true),
        ("M54.2", "M50.20", "2024-01-01", true),
        ("M54.50", "M51.26", "2024-01-01", true),
        ("M54.59", "M51.360", "2025-01-01", true),
        ("M54.59", "M51.360", "2023-01-01", false),
        ("G55", "M50.121", "2024-01-01", true),
        ("G89.29", "G89.4", "2024-01-01", true),
        ("M54.16", "M48.061", "2024-01-01", false),
        ("M54.16", "M54.50", "2024-01-01", false),
        ("M47.816", "M54.50", "2024-01-01", false),
        ("M54.16", "M51.36", "2024-01-01", false),
    ] {
        assert_eq!(tables.excludes1(one, other, day(on)), expected, "{one} with {other}");
        assert_eq!(tables.excludes1(other, one, day(on)), expected, "{other} with {one}");
    }
}

#[test]
fn a_diagnosis_code_has_its_region_and_interspace() {
    use IcdRegion::{
        Cervical, Cervicothoracic, Lumbar, Lumbosacral, Multiple, OccipitoAtlantoAxial, Sacral, Thoracic,
        Thoracolumbar, Unspecified,
    };
    let tables = tables();
    for (code, region) in [
        ("M54.11", Some(OccipitoAtlantoAxial)),
        ("M54.12", Some(Cervical)),
        ("M48.03", Some(Cervicothoracic)),
        ("M48.04", Some(Thoracic)),
        ("M48.05", Some(Thoracolumbar)),
        ("M48.062", Some(Lumbar)),
        ("M54.17", Some(Lumbosacral)),
        ("M54.18", Some(Sacral)),
        ("M43.19", Some(Multiple)),
        ("M54.10", Some(Unspecified)),
        ("M47.819", Some(Unspecified)),
        ("M53.2X9", Some(Unspecified)),
        ("M53.2X6", Some(Lumbar)),
        ("M99.61", Some(Cervical)),
        ("M99.62", Some(Thoracic)),
        ("M99.63", Some(Lumbar)),
        ("M99.74", Some(Sacral)),
        ("M99.65", None),
        ("M50.123", Some(Cervical)),
        ("M50.13", Some(Cervicothoracic)),
        ("M51.27", Some(Lumbosacral)),
        ("M51.1", None),
        ("M54.2", Some(Cervical)),
        ("M54.6", Some(Thoracic)),
        ("M54.31", None),
        ("M96.1", None),
    ] {
        assert_eq!(tables.icd10_region(code), region, "{code}");
    }
    for (code, levels) in [
        ("M50.121", &["C4-C5"][..]),
        ("M50.022", &["C5-C6"]),
        ("M50.323", &["C6-C7"]),
        ("M50.21", &["C2-C3", "C3-C4"]),
        ("M50.93", &["C7-T1"]),
        ("M51.16", &[]),
    ] {
        let levels: Vec<Level> = levels.iter().map(|text| level(text)).collect();
        assert_eq!(tables.icd10_levels(code), levels, "{code}");
    }
}

#[test]
fn a_code_fits_a_level_or_not() {
    let tables = tables();
    for (code, at, fits) in [
        ("M54.16", "L4-L5", Some(true)),
        ("M54.16", "L5-S1", Some(false)),
        ("M54.17", "L5-S1", Some(true)),
        ("M54.17", "L5", Some(true)),
        ("M54.16", "L5", Some(true)),
        ("M54.12", "L4-L5", Some(false)),
        ("M54.12", "C5-C6", Some(true)),
        ("M54.13", "C7-T1", Some(true)),
        ("M48.05", "T12-L1", Some(true)),
        ("M99.63", "L5-S1", Some(true)),
        ("M99.61", "L5-S1", Some(false)),
        ("M50.122", "C5-C6", Some(true)),
        ("M50.122", "C6", Some(true)),
        ("M50.122", "C4-C5", Some(false)),
        ("M50.20", "C7-T1", Some(true)),
        ("M54.10", "L4-L5", None),
        ("M54.31", "L4-L5", None),
        ("E11.9", "L4-L5", None),
    ] {
        assert_eq!(tables.icd10_fits(code, level(at)), fits, "{code} at {at}");
    }
    for (region, at, fits) in [
        (CptRegion::CervicalThoracic, "T12-L1", true),
        (CptRegion::LumbarSacral, "T12-L1", false),
        (CptRegion::Lumbar, "T12-L1", true),
        (CptRegion::LumbarSacral, "L1-L2", true),
        (CptRegion::LumbarSacral, "S1", true),
        (CptRegion::LumbarSacral, "C5-C6", false),
        (CptRegion::CervicalThoracic, "C7-T1", true),
        (CptRegion::Cervical, "T5-T6", false),
        (CptRegion::Any, "L4", true),
    ] {
        assert_eq!(tables.cpt_fits(region, level(at)), Some(fits), "{region:?} at {at}");
    }
}

#[test]
fn rows_say_what_the_fact_sheet_says() {
    let tables = tables();
    let on = day("2026-07-01");
    for (code, region, unit, imaging, bilateral) in [
        (
            "62320",
            CptRegion::CervicalThoracic,
            Unit::Region,
            Imaging::Without,
            Some(Bilateral::NotApplicable),
        ),
        ("62323", CptRegion::LumbarSacral, Unit::Region, Imaging::Included, Some(Bilateral::NotApplicable)),
        ("64479", CptRegion::CervicalThoracic, Unit::Level, Imaging::Included, Some(Bilateral::OneSided)),
        ("64495", CptRegion::LumbarSacral, Unit::Joint, Imaging::Included, Some(Bilateral::OneSided)),
        ("64635", CptRegion::LumbarSacral, Unit::Joint, Imaging::Included, Some(Bilateral::OneSided)),
        ("27096", CptRegion::Sacroiliac, Unit::Side, Imaging::Included, Some(Bilateral::OneSided)),
        ("63030", CptRegion::Lumbar, Unit::Interspace, Imaging::NotApplicable, Some(Bilateral::OneSided)),
        ("63047", CptRegion::Lumbar, Unit::Segment, Imaging::NotApplicable, Some(Bilateral::Either)),
        ("63048", CptRegion::Any, Unit::Segment, Imaging::NotApplicable, Some(Bilateral::None)),
        ("22551", CptRegion::Cervical, Unit::Interspace, Imaging::NotApplicable, Some(Bilateral::None)),
    ] {
        let Lookup::Valid(row) = tables.cpt(code, on) else { panic!("{code}") };
        assert_eq!(
            (row.region, row.unit, row.imaging, row.bilateral),
            (region, unit, imaging, bilateral),
            "{code}"
        );
        assert_eq!(
            row.certainty,
            if code == "20552" { Certainty::Known } else { Certainty::Verified },
            "{code}"
        );
    }
    for (code, primaries) in [
        ("64480", &["64479"][..]),
        ("64484", &["64483"]),
        ("64492", &["64490"]),
        ("63048", &["63045", "63046", "63047"]),
        ("22552", &["22551"]),
        ("64483", &[]),
    ] {
        let Lookup::Valid(row) = tables.cpt(code, on) else { panic!("{code}") };
        assert_eq!(row.primaries, primaries, "{code}");
    }
}

#[test]
fn roots_leave_by_their_foramen() {
    let tables = tables();
    for (interspace, root) in [
        ("C5-C6", "C6"),
        ("C7-T1", "C8"),
        ("T1-T2", "T1"),
        ("T12-L1", "T12"),
        ("L4-L5", "L4"),
        ("L5-S1", "L5"),
    ] {
        assert_eq!(tables.exiting_root(level(interspace)), root.parse().ok(), "{interspace}");
    }
    let root = tables.root("L5".parse().expect("a root")).expect("L5 is in the table");
    assert!(root.sensory.contains("great toe"));
}

#[test]
fn a_users_labels_replace_ours() {
    let mut tables = tables();
    let text = "code,label\n64483,\"Mine, with a comma\"\n11111,not in the table\n";
    tables.load_labels("labels.csv", text).expect("a table of labels");
    let Lookup::Valid(row) = tables.cpt("64483", day("2024-01-01")) else { panic!("64483") };
    assert_eq!(row.label, "Mine, with a comma");
    for (text, expected) in [
        ("number,label\n", "labels.csv:1: the header must be code,label"),
        ("code,label\n64483,\n", "labels.csv:2: write a code and its label"),
        ("code,label\n64483,a\n64484\n", "labels.csv:3: "),
    ] {
        let error = tables.load_labels("labels.csv", text).expect_err("no such table").to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

/// The rows of a table, each by the names of its columns.
fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/codes").join(file);
    let mut reader = csv::Reader::from_path(path).expect("the table can be read");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

const DATED_TABLES: [&str; 4] = ["cpt.csv", "hcpcs.csv", "modifiers.csv", "icd10cm.csv"];

#[test]
fn rows_of_a_code_follow_one_another() {
    for file in DATED_TABLES {
        let mut before: Option<(String, Option<Date>)> = None;
        for row in rows(file) {
            let code = row["code"].clone();
            let end = |column: &str| (!row[column].is_empty()).then(|| day(&row[column]));
            let (from, to) = (end("effective_from"), end("effective_to"));
            assert!(from.is_none() || to.is_none() || from <= to, "{file}: {code} ends before it starts");
            if let Some((_, last)) = before.filter(|(earlier, _)| *earlier == code) {
                assert!(last.is_some() && last < from, "{file}: two rows of {code} hold on one day");
            }
            before = Some((code, to));
        }
    }
}

#[test]
fn every_row_says_on_whose_word_it_stands() {
    let sheet = ["RVU26", "RVU23", "HCPCS19", "TAB26", "TAB25", "TAB21", "NORQA", "FCSO-CG", "KNOWN"];
    for file in DATED_TABLES.into_iter().chain(["excludes1.csv", "levels.csv", "roots.csv", "coverage.csv"]) {
        for row in rows(file) {
            assert!(sheet.contains(&row["source"].as_str()), "{file}: {row:?}");
            let is_known = row.get("certainty").is_some_and(|certainty| certainty == "known");
            let has_certainty = row.contains_key("certainty");
            assert!(!has_certainty || is_known == (row["source"] == "KNOWN"), "{file}: {row:?}");
        }
    }
}

#[test]
fn an_add_on_has_primaries_of_its_region() {
    let all: BTreeMap<String, BTreeMap<String, String>> =
        rows("cpt.csv").into_iter().map(|row| (row["code"].clone(), row)).collect();
    for (code, row) in &all {
        for primary in row["primaries"].split_whitespace() {
            let primary = all.get(primary).unwrap_or_else(|| panic!("{code} is an add-on to {primary}"));
            let is_alike = row["region"] == "any" || primary["region"] == row["region"];
            assert!(is_alike, "{code} and {} are of two regions", primary["code"]);
            assert_eq!(row["families"].is_empty(), primary["families"].is_empty(), "{code}");
        }
    }
}

#[test]
fn every_code_of_the_fact_sheet_is_in_a_table() {
    let known =
        |file: &str| -> BTreeSet<String> { rows(file).into_iter().map(|row| row["code"].clone()).collect() };
    let procedures = "62320 62321 62322 62323 62324 62325 62326 62327 62310 62311 62318 62319
        64479 64480 64483 64484 0228T 0229T 0230T 0231T 64999
        64490 64491 64492 64493 64494 64495 0213T 0214T 0215T 0216T 0217T 0218T 20552 20553
        64633 64634 64635 64636 27096 64451 64625 27278 27279
        63020 63030 63035 63032 63040 63042 63043 63044 63045 63046 63047 63048 63052 63053 63056
        22551 22552 22554 22585 22612 22614 22630 22632 22633 22634 63075
        20930 20931 20936 20937 20938 22840 22842 22843 22844 22845 22846 22847 22853 22854 22859
        62263 62264 62287 62330 62331 0275T 77003 77002 77012 76942 76000 72275 62270 62272 62273
        62280 62281 62282 62284 64510 64520 22510 22511 22512 22513 22514 22515 63650 63655 63685 63688
        64628 64629 64466 64467 64468 64469 64473 64474";
    let drugs =
        "J1010 J1020 J1030 J1040 J3301 J3300 J3302 J3303 J1100 J1094 J0702 J1885 J1110 J2920 J2930 J2919
        J0665 Q9965 Q9966 Q9967 G0260";
    let modifiers = "50 LT RT 59 XE XS XP XU KX 51 52 53 73 74 25 57 22 26 TC GA GZ GY JW JZ";
    let diagnoses = "M54.10 M54.11 M54.12 M54.13 M54.14 M54.15 M54.16 M54.17 M54.18
        M48.00 M48.01 M48.02 M48.03 M48.04 M48.05 M48.06 M48.061 M48.062 M48.07 M48.08
        M99.23 M99.33 M99.43 M99.53 M99.61 M99.62 M99.63 M99.71 M99.72 M99.73
        M47.20 M47.21 M47.28 M47.811 M47.812 M47.813 M47.814 M47.815 M47.816 M47.817 M47.818 M47.819 M47.10 M47.16
        M50.00 M50.01 M50.020 M50.021 M50.022 M50.023 M50.03 M50.120 M50.121 M50.122 M50.123 M50.13 M50.223
        M51.04 M51.05 M51.06 M51.14 M51.15 M51.16 M51.17 M51.26 M51.34 M51.35 M51.36 M51.37 M51.360 M51.361
        M51.362 M51.369 M51.370 M51.371 M51.372 M51.379 M51.9 M51.A0 M51.A1 M51.A2 M51.A3 M51.A4 M51.A5
        M54.30 M54.31 M54.32 M54.40 M54.41 M54.42 M54.5 M54.50 M54.51 M54.59 M54.2 M54.6 M96.1 M43.10 M43.19 M46.1
        M53.3 M53.2X6 G89.0 G89.11 G89.12 G89.18 G89.21 G89.22 G89.28 G89.29 G89.3 G89.4 G55 G83.4 G99.2 Z98.1
        B02.29 B02.23 Q76.49";
    for (file, codes) in [
        ("cpt.csv", procedures),
        ("hcpcs.csv", drugs),
        ("modifiers.csv", modifiers),
        ("icd10cm.csv", diagnoses),
    ] {
        let known = known(file);
        let missing: Vec<&str> = codes.split_whitespace().filter(|&code| !known.contains(code)).collect();
        assert!(missing.is_empty(), "{file} lacks {missing:?}");
    }
}

#[test]
fn the_digit_of_a_code_and_its_region_agree() {
    // The digits of the usual spine regions, and those of M99, which has no junctions.
    let usual = [
        ("1", "occipito_atlanto_axial"),
        ("2", "cervical"),
        ("3", "cervicothoracic"),
        ("4", "thoracic"),
        ("5", "thoracolumbar"),
        ("6", "lumbar"),
        ("7", "lumbosacral"),
        ("8", "sacral"),
    ];
    let biomechanical = [("1", "cervical"), ("2", "thoracic"), ("3", "lumbar"), ("4", "sacral")];
    let families = [
        "M43.1", "M46.4", "M47.2", "M47.81", "M47.89", "M48.0", "M48.8X", "M51.1", "M51.2", "M53.2X", "M54.1",
    ];
    let mut checked = 0;
    for row in rows("icd10cm.csv") {
        let (code, region) = (row["code"].as_str(), row["region"].as_str());
        let digits: &[(&str, &str)] = if code.starts_with("M99.") { &biomechanical } else { &usual };
        let stem = families.iter().find(|stem| code.starts_with(**stem) && code.len() == stem.len() + 1);
        let digit = if digits == biomechanical {
            code.get(5..6)
        } else {
            stem.and_then(|stem| code.get(stem.len()..))
        };
        if let Some((_, expected)) = digits.iter().find(|(d, _)| Some(*d) == digit) {
            assert_eq!(region, *expected, "{code}");
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked} codes checked");
}

proptest! {
    #[test]
    fn any_text_can_be_looked_up(code in any::<String>(), other in "[A-Z][0-9]{0,3}.{0,6}") {
        let tables = tables();
        let on = day("2024-01-01");
        for code in [&code, &other] {
            let _ = (tables.cpt(code, on), tables.hcpcs(code, on), tables.icd10(code, on), tables.modifier(code, on));
            prop_assert_eq!(tables.excludes1(code, "M54.16", on), tables.excludes1("M54.16", code, on));
        }
    }

    #[test]
    fn any_labels_are_read_or_refused(text in any::<String>()) {
        let _ = tables().load_labels("labels.csv", &text);
    }
}

#[test]
fn a_heading_for_a_code_is_one_that_the_lexicon_knows() {
    let engine = foramen::Engine::new(foramen::lexicon::Lexicon::embedded()).expect("an engine");
    for row in rows("section_codes.csv") {
        let note = format!("{}:\nMild stenosis.", row["heading"]);
        let analysis = engine.analyse(&note);
        let kinds: Vec<_> = analysis.layout.sections.iter().map(|section| section.kind).collect();
        let known = !matches!(
            kinds.as_slice(),
            [foramen::model::SectionKind::Unknown | foramen::model::SectionKind::Other]
        );
        assert!(known && kinds.len() == 1, "{}: {kinds:?}", row["heading"]);
    }
}
