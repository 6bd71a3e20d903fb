//! Pages cut out of what the store gives.

/// The first `limit` of these rows, and whether there are more. The store is asked for one row beyond the limit, so that
/// the last page is known to be the last.
#[must_use]
pub fn first_page<T>(mut rows: Vec<T>, limit: i64) -> (Vec<T>, bool) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    (rows, more)
}

#[cfg(test)]
mod tests {
    use super::first_page;

    #[test]
    fn a_page_ends_at_its_limit() {
        assert_eq!(first_page(vec![1, 2], 3), (vec![1, 2], false));
        assert_eq!(first_page(vec![1, 2, 3], 3), (vec![1, 2, 3], false));
        assert_eq!(first_page(vec![1, 2, 3, 4], 3), (vec![1, 2, 3], true));
        assert_eq!(first_page(Vec::<i64>::new(), 1), (Vec::new(), false));
    }
}
