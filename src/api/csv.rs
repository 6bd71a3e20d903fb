//! Comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell(String);

impl Cell {
    /// A text. One that a spreadsheet would take for a formula gets an apostrophe in front.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        Self(if is_formula { format!("'{text}") } else { text.to_owned() })
    }

    /// A text, or an empty cell.
    #[must_use]
    pub fn optional(text: Option<String>) -> Self {
        text.map_or_else(|| Self(String::new()), |text| Self::text(&text))
    }

    /// A number.
    #[must_use]
    pub fn number(number: impl ToString) -> Self {
        Self(number.to_string())
    }

    /// A number, or an empty cell.
    #[must_use]
    pub fn optional_number(number: Option<impl ToString>) -> Self {
        Self(number.map(|number| number.to_string()).unwrap_or_default())
    }
}

/// A table being written.
pub struct Table(csv::Writer<Vec<u8>>);

impl Table {
    /// A table with these headings.
    ///
    /// # Errors
    ///
    /// As the writer.
    pub fn new(headings: &[&str]) -> csv::Result<Self> {
        let mut table = Self::without_headings();
        table.0.write_record(headings)?;
        Ok(table)
    }

    /// The rows that go on a table begun before.
    #[must_use]
    pub fn without_headings() -> Self {
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// When it has another number of cells than the headings.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> csv::Result<()> {
        self.0.write_record(cells.into_iter().map(|cell| cell.0))
    }

    /// The table as bytes.
    ///
    /// # Errors
    ///
    /// As the writer.
    pub fn finish(self) -> Result<Vec<u8>, String> {
        self.0.into_inner().map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_numbers_stay() {
        let mut table = Table::new(&["a", "b"]).unwrap();
        table.row([Cell::text("=1+1"), Cell::number(-3)]).unwrap();
        table.row([Cell::text("says \"no\", twice"), Cell::optional(None)]).unwrap();
        let text = String::from_utf8(table.finish().unwrap()).unwrap();
        assert_eq!(text, "a,b\r\n'=1+1,-3\r\n\"says \"\"no\"\", twice\",\r\n");
    }
}
