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

/// How many rows of a page are read at once.
const READ_TOGETHER: usize = 25;
/// How many bytes of words end a page early: what is held of a page does not grow with its longest rows.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;

/// What a page holds, with the rows that were read for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledPage<T, R> {
    /// What was found for the page.
    pub found: Vec<T>,
    /// The rows behind it.
    pub rows: Vec<R>,
    /// Whether more follows.
    pub more: bool,
}

/// The first `limit` of what was found, with the rows behind its keys, read some at a time: the page ends early when their
/// words fill it.
///
/// # Errors
///
/// Those of `read`.
pub fn filled_page<T, K, R, E>(
    found: Vec<T>,
    limit: i64,
    key: impl Fn(&T) -> K,
    mut read: impl FnMut(Vec<K>) -> Result<Vec<R>, E>,
    words: impl Fn(&R) -> usize,
) -> Result<FilledPage<T, R>, E> {
    let (mut found, mut more) = first_page(found, limit);
    let (mut rows, mut filled, mut words_read) = (Vec::new(), 0, 0);
    for some in found.chunks(READ_TOGETHER) {
        if words_read > LARGEST_PAGE {
            break;
        }
        let of_some = read(some.iter().map(&key).collect())?;
        words_read += of_some.iter().map(&words).sum::<usize>();
        rows.extend(of_some);
        filled += some.len();
    }
    more |= filled < found.len();
    found.truncate(filled);
    Ok(FilledPage { found, rows, more })
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
