//! What every entry of the chain after the response has in common: its id, its version, and whether it was voided.

/// Declares the document of an entry with the members that all of them have.
#[macro_export]
macro_rules! filed {
    ($(#[$meta:meta])* pub struct $name:ident { $($members:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
        pub struct $name {
            /// Random identifier.
            #[schema(format = "uuid")]
            pub id: String,
            /// The request it belongs to.
            #[schema(format = "uuid")]
            pub request_id: String,
            $($members)*
            /// Grows with every change.
            pub version: i64,
            /// When it was recorded, UTC.
            #[schema(format = "date-time")]
            pub created_at: String,
            /// When it last changed, UTC.
            #[schema(format = "date-time")]
            pub updated_at: String,
            /// When it was voided, UTC; a void entry has no effect.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false, format = "date-time")]
            pub voided_at: Option<String>,
            /// Why it was voided.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false)]
            pub void_reason: Option<$crate::casework::text::Prose>,
        }
    };
}

use crate::{
    casework::{request::duplicates, text::Label},
    fault::{DATE_IN_FUTURE, Fault, INVALID_VALUE},
    law::Date,
    vocabulary,
};

vocabulary! {
    /// What an entry of the chain after the response is.
    pub enum ProceedingKind {
        /// A review by the authority.
        Review = "review",
        /// A complaint to the regulator.
        Complaint = "complaint",
        /// A change of the authority's position in a complaint.
        PositionChange = "position_change",
        /// A submission to the regulator.
        Submission = "submission",
        /// A decision notice.
        DecisionNotice = "decision_notice",
        /// An appeal against a decision notice.
        Appeal = "appeal",
    }
}

/// A fault when a day has not come yet.
pub(super) fn in_future(pointer: &str, day: Date, today: Date) -> Option<Fault> {
    (day > today).then(|| Fault::new(pointer, DATE_IN_FUTURE, "What has not happened yet is not recorded."))
}

/// The faults of a list of parts that stands at `at`: the same part twice, or none at all.
pub(super) fn part_list(at: &str, parts: Option<&[Label]>) -> Vec<Fault> {
    let Some(parts) = parts else { return Vec::new() };
    let mut faults = duplicates(at, parts.iter().map(|label| (String::new(), label)));
    if parts.is_empty() {
        faults.push(Fault::new(at, INVALID_VALUE, "Name at least one part, or leave `parts` out for all."));
    }
    faults
}
