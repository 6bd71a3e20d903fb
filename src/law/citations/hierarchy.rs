//! Which provisions stand below which: `31(1)(a)` below `31(1)`, and both below `31`.

/// Whether `path` is `ancestor` or stands below it; `22A(1)` does not stand below `22`.
#[must_use]
pub fn within(path: &str, ancestor: &str) -> bool {
    path.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
}

/// Whether one of the two is the other or stands below it: whoever names one may mean the other.
#[must_use]
pub fn on_one_line(one: &str, other: &str) -> bool {
    within(one, other) || within(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provision_stands_below_its_subsection_and_its_section() {
        assert!(within("31(1)(a)", "31"));
        assert!(within("31(1)", "31(1)"));
        assert!(!within("31(1)", "3"));
        assert!(!within("22A(1)", "22") && within("22A(1)", "22A"));
        assert!(!within("310", "31"));
        assert!(!within("31", "31(1)"));
        assert!(on_one_line("31", "31(1)") && on_one_line("31(1)", "31"));
        assert!(!on_one_line("31(1)", "31(2)"));
    }
}
