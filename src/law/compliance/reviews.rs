//! Internal reviews: what was found of each (`law::redress`) against the statute, or against guidance where that is all there
//! is. Mere advice is left aside.

use crate::law::{Finding, Severity, compliance::ComplianceReview};

pub(super) fn findings(review: &ComplianceReview) -> Vec<Finding> {
    let weighty =
        review.findings.iter().filter(|finding| matches!(finding.severity, Severity::Breach | Severity::Warning));
    let at =
        |finding: &Finding| format!("/reviews/{}{}", review.review_id, finding.pointer.as_deref().unwrap_or_default());
    weighty.map(|finding| Finding { pointer: Some(at(finding)), ..finding.clone() }).collect()
}
