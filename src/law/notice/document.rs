//! The table of checks as a document for people: one line for each check. `docs/notice-checks.md` is what it says, and a
//! test compares the two.

use crate::law::{
    Regime, Severity,
    notice::{
        CHECKS,
        check::{Applies, Check},
    },
};

const INTRODUCTION: &str = "\
# The checks of a notice

What is looked for in a letter, draft or sent, and in a notice that more time is taken. One line for each check; a finding carries its
`id`. A word in braces stands for a fact of the letter. Generated from the table in `src/law/notice`: change the table, then run
`just notice-checks` (which is `CANDOUR_WRITE_DOCS=1 cargo test --lib law::notice::document`).

`error` stops the issue of a draft unless it is overridden with a reason; `breach` is a wrong that is a fact already and stops
nothing; `warning` is what a regulator is likely to raise; `advice` is good practice. A check is made under the regimes that have an
entry: the provision that it rests on, or guidance. Which facts make it a finding is told by its message. How the statutes are read
stands in [law-decisions.md](law-decisions.md).

| Check | Weighs | Applies to | FOIA | EIR | FOISA | EI(S)Rs | What is wrong | Next step |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

/// `docs/notice-checks.md`, as the table of checks has it.
#[must_use]
pub fn checks_document() -> String {
    let lines = CHECKS.iter().copied().flatten().map(line);
    INTRODUCTION.chars().chain(lines.collect::<String>().chars()).collect()
}

fn line(check: &Check) -> String {
    let [foia, eir, foisa, eisr] =
        [Regime::Foia, Regime::Eir, Regime::Foisa, Regime::Eisr].map(|regime| match check.rests_on(regime) {
            Applies::Under(provision) => provision,
            Applies::Guidance => "guidance",
            Applies::Never => "–",
        });
    format!(
        "| `{}` | {} | {} | {foia} | {eir} | {foisa} | {eisr} | {} | {} |\n",
        check.id,
        weight(check.severity),
        check.looks_at(),
        cell(check.message),
        cell(check.next_step),
    )
}

const fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "**error**",
        Severity::Breach => "**breach**",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}

/// A text as it can stand in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use std::{env, fs, path::Path};

    use super::*;

    /// With `CANDOUR_WRITE_DOCS` set the document is written anew instead of compared.
    #[test]
    fn the_committed_document_is_what_the_table_says() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/notice-checks.md");
        if env::var_os("CANDOUR_WRITE_DOCS").is_some() {
            fs::write(&path, checks_document()).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap();
        assert!(committed == checks_document(), "docs/notice-checks.md is out of date; run: just notice-checks");
    }

    #[test]
    fn every_check_has_one_line_of_nine_cells() {
        let document = checks_document();
        for check in CHECKS.iter().copied().flatten() {
            let start = format!("| `{}` |", check.id);
            let lines: Vec<&str> = document.lines().filter(|line| line.starts_with(&start)).collect();
            assert_eq!(lines.len(), 1, "{}", check.id);
            assert_eq!(lines[0].replace("\\|", "").matches('|').count(), 10, "{}", lines[0]);
            for regime in check.applies_to() {
                if let Applies::Under(provision) = check.rests_on(regime) {
                    assert!(lines[0].contains(provision), "{}", check.id);
                }
            }
        }
    }
}
