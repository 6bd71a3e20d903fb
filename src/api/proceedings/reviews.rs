//! `/v1/requests/{request_id}/reviews`: internal reviews.

use actix_web::{get, post};

use crate::{
    api::{
        proceedings::{Collection, Entry},
        requests::RequestPath,
    },
    casework::{
        event::NewVoiding,
        review::{NewReview, Review, ReviewDecision},
    },
    services::proceedings::{self, Place, reviews},
};

impl Collection for RequestPath {
    fn place(self) -> Place {
        Place { request_id: self.request_id.0, complaint_id: None }
    }
}

entry_path! {
    /// The review addressed.
    ReviewPath { review_id: "The review's id.", } => |path| None, path.review_id.0.clone()
}

filed!(
    Review,
    ReviewList,
    |review| format!("/v1/requests/{}/reviews/{}", review.request_id, review.id),
    NewReview,
    ReviewDecision
);

recording! {
    /// Record a review
    ///
    /// A request for a review, whenever it came; asked for late it is recorded with advice. Its due dates follow from the
    /// regimes of its parts: guidance under FOIA, statute under the others.
    create_review, "/v1/requests/{request_id}/reviews", RequestPath, "reviews", NewReview => Review,
        |connection, context, place, new| reviews::record(connection, context, &place.request_id, &new),
        {"requested_on": "2020-02-10", "parts": ["1"], "grounds": "The refusal explains no harm that a yes or a no would do."};
}

listing! {
    /// List the reviews of a request
    ///
    /// In the order of their recording, void ones too.
    list_reviews, "/v1/requests/{request_id}/reviews", RequestPath, "reviews", Review => ReviewList;
}

reading! {
    /// Read a review
    ///
    /// With its due dates, and what statute and guidance say of it. Without `ncnd:read` no reasons and grounds are told that
    /// concern a part that was neither confirmed nor denied.
    get_review, "/v1/requests/{request_id}/reviews/{review_id}", ReviewPath, "reviews", Review;
}

changing! {
    /// Record the decision of a review
    ///
    /// What became of the answer to each part, and who decided. The letter itself is a response of kind `review`.
    decide_review, "/v1/requests/{request_id}/reviews/{review_id}/decision", ReviewPath, "reviews", ReviewDecision => Review,
        |connection, context, place, id, decision| reviews::decide(connection, context, &place.request_id, id, decision),
        {"decided_on": "2020-02-19", "decided_by": {"staff_ref": "reviewer-1"}, "results": [{"part": "1", "result": "position_maintained"}]};
    /// Void a review
    ///
    /// It was recorded by mistake: the entry stays and says why it is void.
    void_review, "/v1/requests/{request_id}/reviews/{review_id}/void", ReviewPath, "reviews", NewVoiding => Review,
        |connection, context, place, id, voiding| proceedings::void(connection, context, place, id, &voiding),
        {"reason": "Recorded on the wrong request."};
}
