//! Casework as types that cannot be invalid: authorities, requests and their parts, events and responses.
//!
//! Each concept has one type, which is its JSON form as well: read at the edge, kept, and shown (see
//! `docs/adr/0002-one-type-per-concept.md`). Pure: no HTTP, no database, no clock.

pub mod alternatives;
pub mod amount;
pub mod api_key;
pub mod appeal;
pub mod audit;
pub mod authority;
pub mod case_history;
pub mod clock;
pub mod complaint;
pub mod cost_estimate;
pub mod decision_notice;
pub mod erasure;
pub mod event;
pub mod filing;
pub mod ground;
pub mod ncnd_masking;
pub mod ncnd_position;
pub mod notice_document;
pub mod outcome;
pub mod part;
pub mod patch;
pub mod position_change;
pub mod record;
pub mod regulatory_action;
pub mod request;
pub mod response;
pub mod response_patch;
pub mod review;
pub mod scope;
pub mod submission;
pub mod text;
