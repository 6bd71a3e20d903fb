//! The forms of a notice: HTML, Markdown, plain text. Each has one template and its own rule of escaping, which every
//! value goes through.

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, escape_formatter, value::Serde};

use crate::casework::notice_document::{NoticeDocument, NoticeError};

const HTML: &str = "html";
const MARKDOWN: &str = "markdown";
const TEXT: &str = "text";

static FORMS: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|name| match name {
        TEXT => AutoEscape::None,
        MARKDOWN => AutoEscape::Custom(MARKDOWN.into()),
        _ => AutoEscape::Html,
    });
    environment.set_formatter(|output, state, value| match (state.auto_escape(), value.as_str()) {
        // What a macro of the template wrote is escaped already.
        (AutoEscape::Custom(_), Some(text)) if !value.is_safe() => Ok(output.write_str(&escaped_for_markdown(text))?),
        (AutoEscape::Custom(_), _) => Ok(write!(output, "{value}")?),
        _ => escape_formatter(output, state, value),
    });
    environment.add_template(HTML, include_str!("forms/notice.html.jinja"))?;
    environment.add_template(MARKDOWN, include_str!("forms/notice.md.jinja"))?;
    environment.add_template(TEXT, include_str!("forms/notice.txt.jinja"))?;
    Ok(environment)
});

/// The notice as a page of its own.
///
/// # Errors
///
/// When the template does not fit the document, which would be a fault of this service.
pub fn html(document: &NoticeDocument) -> Result<String, NoticeError> {
    written(HTML, document)
}

/// The notice in `CommonMark`.
///
/// # Errors
///
/// As [`html`].
pub fn markdown(document: &NoticeDocument) -> Result<String, NoticeError> {
    written(MARKDOWN, document)
}

/// The notice as plain text; what it says is not changed by a character.
///
/// # Errors
///
/// As [`html`].
pub fn text(document: &NoticeDocument) -> Result<String, NoticeError> {
    written(TEXT, document)
}

fn written(form: &str, document: &NoticeDocument) -> Result<String, NoticeError> {
    let environment = FORMS.as_ref().map_err(NoticeError::from)?;
    let mut written = environment.get_template(form)?.render(Serde(document))?;
    if !written.ends_with('\n') {
        written.push('\n');
    }
    Ok(written)
}

/// The text so that Markdown shows it as it is: nothing in it makes a heading, a link, a list, HTML or a new block. A line
/// break stays one.
fn escaped_for_markdown(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines = text.trim_end().split('\n').map(|line| escaped_line(line.trim()));
    lines.collect::<Vec<_>>().join("\\\n")
}

fn escaped_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    for (at, character) in line.char_indices() {
        let means_something = "\\`*_{}[]<>#|~&!$".contains(character);
        let begins_block = at == 0 && "-+=:".contains(character);
        let numbers_item = digits > 0 && at == digits && ".)".contains(character);
        if means_something || begins_block || numbers_item {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_shows_what_was_written_and_nothing_else() {
        for (written, escaped) in [
            ("plain words, section 31(1)(a).", "plain words, section 31(1)(a)."),
            ("# no heading", "\\# no heading"),
            ("  - no item", "\\- no item"),
            ("12. no item", "12\\. no item"),
            ("1) no item", "1\\) no item"),
            ("===", "\\==="),
            ("[no](http://link)", "\\[no\\](http://link)"),
            ("<b>no html</b> &lt;", "\\<b\\>no html\\</b\\> \\&lt;"),
            ("*no* _emphasis_ `code` ~~x~~", "\\*no\\* \\_emphasis\\_ \\`code\\` \\~\\~x\\~\\~"),
            ("one\r\ntwo\n\n> three\n", "one\\\ntwo\\\n\\\n\\> three"),
            ("\\", "\\\\"),
        ] {
            assert_eq!(escaped_for_markdown(written), escaped, "{written}");
        }
    }
}
