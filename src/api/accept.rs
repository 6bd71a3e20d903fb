//! The `Accept` header: which form of an answer the caller wants most.

use actix_web::{HttpRequest, http::header::ACCEPT};

/// The weight of a range without one.
const FULL: u16 = 1000;

/// The header, as far as it matters here: media ranges with their weights in thousandths.
#[derive(Debug, Clone)]
pub struct Accept(Vec<(String, u16)>);

impl Accept {
    /// Reads the header.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let values = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        Self(values.flat_map(|value| value.split(',')).filter_map(range).collect())
    }

    /// Whether an answer of this media type is welcome.
    #[must_use]
    pub fn allows(&self, media_type: &str) -> bool {
        self.weight(media_type) > 0
    }

    /// Whether CSV is wanted more than JSON, or named where JSON is not.
    #[must_use]
    pub fn prefers_csv(&self) -> bool {
        let (csv, json) = (self.weight("text/csv"), self.weight("application/json"));
        csv > json || (csv == json && self.names("text/csv") && !self.names("application/json"))
    }

    fn names(&self, media_type: &str) -> bool {
        self.0.iter().any(|(range, _)| range == media_type)
    }

    /// The weight of a media type: the range that fits it best decides.
    fn weight(&self, media_type: &str) -> u16 {
        if self.0.is_empty() {
            return FULL;
        }
        let family = media_type.split('/').next().unwrap_or_default();
        [media_type, &format!("{family}/*"), "*/*"]
            .into_iter()
            .find_map(|wanted| self.0.iter().find(|(range, _)| range == wanted))
            .map_or(0, |(_, weight)| *weight)
    }
}

fn range(text: &str) -> Option<(String, u16)> {
    let mut fields = text.split(';').map(str::trim);
    let media = fields.next().filter(|media| !media.is_empty())?.to_ascii_lowercase();
    let weight = fields.find_map(|field| field.strip_prefix("q=").or_else(|| field.strip_prefix("Q=")));
    Some((media, weight.map_or(FULL, thousandths)))
}

/// A weight of at most three decimals (RFC 9110); one that is malformed counts in full.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.parse::<u16>()) {
        ("0", Ok(fraction)) if digits.len() == 3 => fraction,
        _ => FULL,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn accept(value: &str) -> Accept {
        Accept::of(&TestRequest::default().insert_header((ACCEPT, value)).to_http_request())
    }

    #[test]
    fn weights_decide() {
        for (value, csv) in [
            ("text/csv", true),
            ("text/csv, application/json", false),
            ("text/csv, */*", true),
            ("*/*", false),
            ("", false),
            ("text/csv, application/json;q=0.1", true),
            ("text/csv;q=0.1, */*", false),
            ("text/*", true),
            ("application/json;q=0, */*", true),
        ] {
            assert_eq!(accept(value).prefers_csv(), csv, "{value}");
        }
        assert!(!accept("application/xml").allows("application/json"));
        assert!(!accept("application/json;q=0").allows("application/json"));
        assert!(accept("application/xml, */*;q=0.001").allows("application/json"));
    }
}
