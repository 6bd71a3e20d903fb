//! The headings of the statistics of central government, as the data for 2020 was published, the double spaces too; and
//! which provisions fall under which of them. Knows nothing of counting.

use crate::law::Regime;

/// A column of exemptions or exceptions: its heading, and the provisions that fall under it with what stands below them.
pub(super) struct ExemptionColumn {
    pub heading: &'static str,
    pub regime: Regime,
    pub provisions: &'static [&'static str],
}

const fn section(heading: &'static str, provisions: &'static [&'static str]) -> ExemptionColumn {
    ExemptionColumn { heading, regime: Regime::Foia, provisions }
}

const fn regulation(heading: &'static str, provisions: &'static [&'static str]) -> ExemptionColumn {
    ExemptionColumn { heading, regime: Regime::Eir, provisions }
}

/// Sections of FOIA and regulations of the EIR. Section 21 has columns of its own, sections 12 and 14 too. An NCND ground of
/// the EIR stands with the exception it protects: 12(6) with 12(5)(a), 13(5A) with personal data.
pub(super) const EXEMPTIONS: &[ExemptionColumn] = &[
    section("S(22) - Information intended for future publication", &["22"]),
    section("S(22A) - Research intended for future publication", &["22A"]),
    section("S(23) - Information supplied by, or relating to, bodies dealing with security matters", &["23"]),
    section("S(24) - National security", &["24"]),
    section("S(26) - Defence", &["26"]),
    section("S(27) - International relations", &["27"]),
    section("S(28) - Relations within the United Kingdom", &["28"]),
    section("S(29) - The economy", &["29"]),
    section("S(30) - Investigations and proceedings conducted by public authorities", &["30"]),
    section("S(31) - Law enforcement", &["31"]),
    section("S(32) - Court records, etc", &["32"]),
    section("S(33) - Audit functions", &["33"]),
    section("S(34) - Parliamentary privilege", &["34"]),
    section("S(35) - Formulation of Government policy, etc", &["35"]),
    section("S(36) - Prejudice to effective conduct of public affairs", &["36"]),
    section("S(37) - Communications with Her Majesty, etc and honours", &["37"]),
    section("S(38) - Health and Safety", &["38"]),
    section("S(39) - Environmental information", &["39"]),
    section("S(40) - Personal information", &["40"]),
    section("S(41) - Information provided in confidence", &["41"]),
    section("S(42) - Legal professional privilege", &["42"]),
    section("S(43) - Commercial interests", &["43"]),
    section("S(44) - Prohibitions on disclosure", &["44"]),
    regulation("3(a) - Exempt personal data", &["12(3)", "13"]),
    regulation("4(a) - Information not held", &["12(4)(a)"]),
    regulation("4(b) - Manifestly unreasonable", &["12(4)(b)"]),
    regulation("4(c) - Too general", &["12(4)(c)"]),
    regulation("4(d) - Work in progress / incomplete data", &["12(4)(d)"]),
    regulation("4(e) - Internal communications", &["12(4)(e)"]),
    regulation(
        "5(a) - Adverse effect on international relations, defence, national security, public safety",
        &["12(5)(a)", "12(6)"],
    ),
    regulation("5(b) - Adverse effect on course of justice or conduct of enquiries", &["12(5)(b)"]),
    regulation("5(c) - Adverse effect on intellectual property rights", &["12(5)(c)"]),
    regulation("5(d) - Impinges on confidentiality of a public authority's work", &["12(5)(d)"]),
    regulation("5(e) - Impinges on confidentiality of commercial or industrial information", &["12(5)(e)"]),
    regulation("5(f) - Adverse effect on interests of person who provided the information", &["12(5)(f)"]),
    regulation("5(g) - Adverse effect on protection of environment to which information relates", &["12(5)(g)"]),
];

/// Internal reviews; in annual returns only.
pub(super) const REVIEWS: [&str; 6] = [
    "Total Internal Reviews",
    "Internal Reviews with outcome known",
    "IR number upheld in full",
    "IR number upheld in part",
    "IR number overturned",
    "IR percentage upheld in full",
];

/// Complaints to the Information Commissioner; in annual returns only.
pub(super) const COMPLAINTS: [&str; 6] = [
    "ICO Total Complaints",
    "ICO Complaints with known outcome",
    "ICO Number upheld in full",
    "ICO Number upheld in part",
    "ICO Number overturned",
    "ICO Percentage upheld in full",
];

/// Extensions for the public-interest test by their length; in annual returns only.
pub(super) const EXTENSION_LENGTHS: [&str; 10] = [
    "PIT 5 or Less",
    "PIT 6 to 10",
    "PIT 11 to 15",
    "PIT 16 to 20",
    "PIT 21 to 30",
    "PIT 31 to 40",
    "PIT 41 to 60",
    "PIT 61 to 80",
    "PIT 81 to 100",
    "PIT More than 100",
];

/// Internal reviews by their length; in annual returns only.
pub(super) const REVIEW_LENGTHS: [&str; 7] =
    ["IR 10 or less", "IR 11 to 20", "IR 21 to 40", "IR 41 to 60", "IR 61 to 80", "IR 81 to 100", "IR More than 100"];

/// Extensions that were running when the year before ended, by their length.
pub(super) const EARLIER_EXTENSION_LENGTHS: [&str; 10] = [
    "PIT uncompleted prev year 5 or Less",
    "PIT uncompleted prev year 6 to 10",
    "PIT uncompleted prev year 11 to 15",
    "PIT uncompleted prev year 16 to 20",
    "PIT uncompleted prev year 21 to 30",
    "PIT uncompleted prev year 31 to 40",
    "PIT uncompleted prev year 41 to 60",
    "PIT uncompleted prev year 61 to 80",
    "PIT uncompleted prev year 81 to 100",
    "PIT uncompleted prev year More than 100",
];

/// Reviews that were open when the year before ended, by their length.
pub(super) const EARLIER_REVIEW_LENGTHS: [&str; 7] = [
    "IR uncompleted prev year 10 or less",
    "IR uncompleted prev year 11 to 20",
    "IR uncompleted prev year 21 to 40",
    "IR uncompleted prev year 41 to 60",
    "IR uncompleted prev year 61 to 80",
    "IR uncompleted prev year 81 to 100",
    "IR uncompleted prev year More than 100",
];
